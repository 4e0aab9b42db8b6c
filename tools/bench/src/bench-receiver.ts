import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { startProgram } from './programs.ts'

/** Responds at once, never, with 429 and `Retry-After: 1`, or with a body that arrives a byte at a time. */
export type ReceiverKind = 'ok' | 'hang' | 'throttle' | 'drip'

export interface ReceiverReport {
  /** Number of complete requests by kind of receiver. */
  counts: Record<ReceiverKind, number>
}

export interface BenchReceiver {
  pid: number
  /** Each kind has its own port, so Ghostpost sees different receivers. */
  urls: Record<ReceiverKind, string>
  ports: readonly number[]
  counts: () => Promise<ReceiverReport['counts']>
  stop: () => Promise<void>
}

/** Starts the receiver's process. */
export async function startBenchReceiver(): Promise<BenchReceiver> {
  const running = await startProgram(fileURLToPath(new URL('receiver-program.ts', import.meta.url)), {})
  const { ports } = running.readyMessage as { ports: Record<ReceiverKind, number> }
  const urlOf = (kind: ReceiverKind): string => `http://127.0.0.1:${ports[kind]}/hooks/leads`
  return {
    pid: running.pid,
    ports: Object.values(ports),
    urls: { ok: urlOf('ok'), hang: urlOf('hang'), throttle: urlOf('throttle'), drip: urlOf('drip') },
    counts: async () => {
      const reply = once(running.child, 'message')
      running.child.send({})
      const [report] = (await reply) as [ReceiverReport]
      return report.counts
    },
    stop: async () => void (await running.stop()),
  }
}
