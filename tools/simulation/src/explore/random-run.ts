import { randomHistory, type History, type HistorySize } from '../histories/index.ts'
import { seededChoices } from '../schedule/index.ts'
import { faultRates, randomFaults } from './random-faults.ts'
import { runHistory, type RunResult } from './run-history.ts'

export interface RandomRun {
  /** With the faults that happened, so that it can be repeated and shrunk. */
  history: History
  result: RunResult
}

export const longSize: HistorySize = { exports: 100, durationMs: 60_000 }
export const smallSize: HistorySize = { exports: 12, durationMs: 15_000 }

/** Runs the random history of a seed with random faults. */
export async function runRandom(
  seed: number,
  size: HistorySize,
  bug: string | null = null,
): Promise<RandomRun> {
  const history = randomHistory(seed, size)
  const choices = seededChoices(seed)
  const rate = choices.pick('fault rate', faultRates)
  const result = await runHistory(history, { bug, plan: (isOver) => randomFaults(choices, rate, isOver) })
  const faults = result.faults.map(({ key, kind }) => ({ key, kind }))
  return { history: { ...history, faults }, result }
}
