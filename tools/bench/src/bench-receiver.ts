import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { startProgram } from './programs.ts'

/**
 * Responds at once, never, with 429 and `Retry-After: 1`, with a body that arrives a byte at a time, or after two
 * seconds.
 */
export type ReceiverKind = 'ok' | 'hang' | 'throttle' | 'drip' | 'slow'

export interface ReceiverReport {
  /** Number of complete requests by kind of receiver. */
  counts: Record<ReceiverKind, number>
}

export interface BenchReceiver {
  pid: number
  /** The first receiver of each kind. */
  urls: Record<ReceiverKind, string>
  /** All receivers of each kind. Each has its own port, so Ghostpost sees different receivers. */
  all: Record<ReceiverKind, readonly string[]>
  ports: readonly number[]
  counts: () => Promise<ReceiverReport['counts']>
  stop: () => Promise<void>
}

const receiverProgram = fileURLToPath(new URL('receiver-program.ts', import.meta.url))

const urlOf = (port: number | undefined): string => `http://127.0.0.1:${port}/hooks/leads`

/** Starts the receivers' process. @param receiversPerKind number of receivers of each kind */
export async function startBenchReceiver(receiversPerKind = 1): Promise<BenchReceiver> {
  const running = await startProgram(receiverProgram, { BENCH_RECEIVERS_PER_KIND: String(receiversPerKind) })
  const { ports } = running.readyMessage as { ports: Record<ReceiverKind, number[]> }
  const each = <T>(valueOf: (own: readonly number[]) => T): Record<ReceiverKind, T> => ({
    ok: valueOf(ports.ok),
    hang: valueOf(ports.hang),
    throttle: valueOf(ports.throttle),
    drip: valueOf(ports.drip),
    slow: valueOf(ports.slow),
  })
  return {
    pid: running.pid,
    ports: Object.values(ports).flat(),
    urls: each(([first]) => urlOf(first)),
    all: each((own) => own.map(urlOf)),
    counts: async () => {
      const reply = once(running.child, 'message')
      running.child.send({})
      const [report] = (await reply) as [ReceiverReport]
      return report.counts
    },
    stop: async () => void (await running.stop()),
  }
}
