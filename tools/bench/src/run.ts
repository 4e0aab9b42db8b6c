import type { Bench } from './contenders/contender.ts'

export interface Run {
  bench: Bench
  /** How often each measurement is repeated, the contenders in turn. */
  rounds: number
  short: boolean
  /** The most memory Ghostpost's processes had in use so far, in bytes. */
  peaks: { worker: number; api: number }
  log: (line: string) => void
}

/** Notes the peaks of memory of Ghostpost's processes. */
export function notePeaks({ peaks }: Run, seen: Partial<Run['peaks']>): void {
  peaks.worker = Math.max(peaks.worker, seen.worker ?? 0)
  peaks.api = Math.max(peaks.api, seen.api ?? 0)
}

/** Each round begins with another, so that what warms up or wears out favours nobody. */
export function inTurn<T>(all: readonly T[], round: number): T[] {
  const first = round % all.length
  return [...all.slice(first), ...all.slice(0, first)]
}
