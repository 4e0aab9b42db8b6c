import { setTimeout } from 'node:timers/promises'
import type { Logger } from '@ghostpost/infrastructure/telemetry'

export interface PeriodicTask {
  /** Resolves when no run is in progress and none will start. */
  stop: () => Promise<void>
}

/** The longest pause after failures, unless the interval is longer. */
const backoffMaxMs = 30_000

/** Runs `work` repeatedly with a pause of `intervalMs`, never two runs at once. Logs a failed run and backs off. */
export function repeatEvery(
  name: string,
  intervalMs: number,
  log: Logger,
  work: (stop: AbortSignal) => Promise<void>,
): PeriodicTask {
  const stopped = new AbortController()
  let failures = 0
  const run = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      try {
        await work(stopped.signal)
        failures = 0
      } catch (err) {
        failures += 1
        log.warn({ err, failures }, `${name} failed; it runs again`)
      }
      const waitMs = intervalMs * 2 ** Math.min(failures, 10)
      await sleep(Math.max(Math.min(waitMs, backoffMaxMs), intervalMs), stopped.signal)
    }
  }
  const running = run()
  return {
    stop: async () => {
      stopped.abort()
      await running
    },
  }
}

/** Ends early when the signal aborts. */
async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal, ref: false }).catch(() => {})
}
