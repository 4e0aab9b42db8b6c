import type { Bench } from './contenders/contender.ts'

export interface Run {
  bench: Bench
  /** Number of repetitions of each measurement; the contenders alternate. */
  rounds: number
  short: boolean
  /** Largest memory use of a Ghostpost process in bytes. */
  peaks: { worker: number; api: number }
  log: (line: string) => void
}

/** Records the memory peaks of Ghostpost's processes. */
export function notePeaks({ peaks }: Run, seen: Partial<Run['peaks']>): void {
  peaks.worker = Math.max(peaks.worker, seen.worker ?? 0)
  peaks.api = Math.max(peaks.api, seen.api ?? 0)
}

/** Each round starts with another contender, so that a warm machine favours none. */
export function inTurn<T>(all: readonly T[], round: number): T[] {
  const first = round % all.length
  return [...all.slice(first), ...all.slice(0, first)]
}
