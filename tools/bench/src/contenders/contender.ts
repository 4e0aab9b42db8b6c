import type { QueueControl } from '../queue-control.ts'
import type { BenchReceiver, ReceiverKind } from '../bench-receiver.ts'
import type { BenchStores } from '../stores.ts'
import type { RunningProcess } from '@ghostpost/test-kit/processes/start-process'

export interface Bench {
  stores: BenchStores
  receiver: BenchReceiver
  /** Folder for CPU profiles of the programs; null for none. */
  profileFolder: string | null
}

/** A program that delivers: the ceiling, a plain program, or Ghostpost. */
export interface Contender {
  name: 'bare' | 'plain' | 'ghostpost'
  /** Opens it on a new database and queue. */
  open: (bench: Bench) => Promise<Installation>
}

export interface Installation {
  queue: QueueControl
  /** Null without an API. */
  databaseUrl: string | null
  /** Inserts accepted deliveries into its database and queue. */
  fill: (count: number, kind: ReceiverKind) => Promise<void>
  startWorkers: (count: number) => Promise<void>
  workers: () => readonly RunningProcess[]
  /** Number of deliveries that it recorded as delivered; null when it records none. */
  delivered: () => Promise<number | null>
  stop: () => Promise<void>
}

/** An installation with an API. */
export interface CallableInstallation extends Installation {
  /** Session token of a user who may export visitors of site 4. */
  session: string
  /** Starts another API and returns its address. */
  startApi: () => Promise<{ address: string; process: RunningProcess }>
}

/** Concurrent attempts of a worker of every contender: Ghostpost's default. */
export const workerConcurrency = 50

/** Node's option that writes a CPU profile. */
export function profileEnvironment({ profileFolder }: Bench): Record<string, string> {
  return profileFolder === null ? {} : { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${profileFolder}` }
}
