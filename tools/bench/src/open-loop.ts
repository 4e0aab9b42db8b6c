import { setTimeout as pause } from 'node:timers/promises'

export interface Load {
  /** Calls a second. */
  perSecond: number
  seconds: number
  /** Makes one call; resolves to a word for how it ended. Rejects or resolves, in any time. */
  call: (index: number) => Promise<string>
}

export interface LoadResult {
  /** From the moment each call was due, in milliseconds, in the order of the schedule. */
  latenciesMs: readonly number[]
  /** How many calls ended in which way. */
  endings: Readonly<Record<string, number>>
}

/** How long after the last call answers are waited for. */
const lastResponseMaxMs = 15_000
const tickMs = 1
/** A caller who is refused does not ask again at once, or refusing would be all there is to measure. */
const refusedPauseMs = 100

/** When each call is due, in milliseconds from the start: evenly spaced. */
export function schedule(perSecond: number, seconds: number): number[] {
  return Array.from({ length: Math.round(perSecond * seconds) }, (_, index) => (index * 1_000) / perSecond)
}

/**
 * Calls at the moments of a schedule whether or not earlier calls have been answered, and counts every wait from the
 * moment the call was due: a service that stalls is charged with all who would have come meanwhile (no coordinated
 * omission).
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

/** Keeps `atOnce` calls under way for `seconds`; resolves to the calls a second that ended with `wanted`. */
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
