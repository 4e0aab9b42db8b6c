import type { QueueControl } from '../queue-control.ts'
import type { BenchReceiver, ReceiverKind } from '../bench-receiver.ts'
import type { BenchStores } from '../stores.ts'
import type { RunningProcess } from '@ghostpost/test-kit/processes/start-process'

export interface Bench {
  stores: BenchStores
  receiver: BenchReceiver
  /** Folder for the programs' processor profiles; null for none. */
  profileFolder: string | null
}

/** Something that delivers: a ceiling, a plain program, or ours. */
export interface Contender {
  name: 'bare' | 'plain' | 'ghostpost'
  /** Makes a fresh database and queue for it. */
  open: (bench: Bench) => Promise<Installation>
}

export interface Installation {
  queue: QueueControl
  /** Null when it has none. */
  databaseUrl: string | null
  /** Puts deliveries in its database and queue, as if they had been accepted. */
  fill: (count: number, kind: ReceiverKind) => Promise<void>
  startWorkers: (count: number) => Promise<void>
  workers: () => readonly RunningProcess[]
  /** Deliveries it says it has delivered; null when it does not remember. */
  delivered: () => Promise<number | null>
  stop: () => Promise<void>
}

/** One that can be called, too. */
export interface CallableInstallation extends Installation {
  /** Of somebody who may export visitors of site 4. */
  session: string
  /** Starts one more API; resolves to its address. */
  startApi: () => Promise<{ address: string; process: RunningProcess }>
}

/** Attempts one worker of any contender makes at once: Ghostpost's default. */
export const workerConcurrency = 50

/** Node's own switch, for programs that are to write down where their processor time goes. */
export function profileEnvironment({ profileFolder }: Bench): Record<string, string> {
  return profileFolder === null ? {} : { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${profileFolder}` }
}
