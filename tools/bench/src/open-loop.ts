import { setTimeout as pause } from 'node:timers/promises'

export interface Load {
  /** Calls a second. */
  perSecond: number
  seconds: number
  /** Makes one call and returns a word for its result; may reject and may take any time. */
  call: (index: number) => Promise<string>
}

export interface LoadResult {
  /** Latency of each call from its due time, in milliseconds, in the order of the schedule. */
  latenciesMs: readonly number[]
  /** Number of calls by result. */
  endings: Readonly<Record<string, number>>
}

/** Time limit for responses after the last call. */
const lastResponseMaxMs = 15_000
const tickMs = 1
/** Pause of a caller after a refusal; without it the benchmark would measure only refusals. */
const refusedPauseMs = 100

/** Due times of the calls, evenly spaced, in milliseconds from the start. */
export function schedule(perSecond: number, seconds: number): number[] {
  return Array.from({ length: Math.round(perSecond * seconds) }, (_, index) => (index * 1_000) / perSecond)
}

/**
 * Calls at the times of a schedule, whether or not earlier calls have a response, and measures each latency from the
 * due time. So a stall of the service counts for all calls that were due meanwhile (no coordinated omission).
 */
export async function runOpenLoop({ perSecond, seconds, call }: Load): Promise<LoadResult> {
  const dueMs = schedule(perSecond, seconds)
  const latenciesMs = dueMs.map(() => Number.NaN)
  const endings: Record<string, number> = {}
  const startedAt = performance.now()
  const end = (index: number, ending: string): void => {
    if (!Number.isNaN(latenciesMs[index])) return
    latenciesMs[index] = performance.now() - startedAt - (dueMs[index] ?? 0)
    endings[ending] = (endings[ending] ?? 0) + 1
  }
  const calls: Promise<void>[] = []
  while (calls.length < dueMs.length) {
    const nowMs = performance.now() - startedAt
    while (calls.length < dueMs.length && (dueMs[calls.length] ?? 0) <= nowMs) {
      const index = calls.length
      calls.push(
        call(index).then(
          (ending) => end(index, ending),
          () => end(index, 'error'),
        ),
      )
    }
    await pause(tickMs)
  }
  await Promise.race([Promise.all(calls), pause(lastResponseMaxMs, undefined, { ref: false })])
  for (const index of dueMs.keys()) end(index, 'no answer')
  return { latenciesMs, endings }
}

/** Keeps `atOnce` calls in flight for `seconds`; returns the calls per second that ended with `wanted`. */
export async function runClosedLoop(
  concurrency: number,
  seconds: number,
  call: () => Promise<string>,
  expectedEnding: string,
): Promise<number> {
  const startedAt = performance.now()
  const endAt = startedAt + seconds * 1_000
  let succeeded = 0
  const caller = async (): Promise<void> => {
    while (performance.now() < endAt) {
      const ending = await call().catch(() => 'error')
      if (ending === expectedEnding) succeeded += 1
      else await pause(refusedPauseMs)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, caller))
  return succeeded / ((performance.now() - startedAt) / 1_000)
}
