import { shortHistories, type History } from '../histories/index.ts'
import { exploreFaults } from './exhaustive.ts'
import { runRandom, smallSize } from './random-run.ts'
import type { RunResult } from './run-history.ts'
import { shrink } from './shrink.ts'

/** How a planted bug was found. */
export interface Hunt {
  bug: string
  /** Null: it was not found. */
  invariant: string | null
  /** Processor time of the search, in milliseconds, without shrinking. */
  survivedMs: number
  runs: number
  /** Events of the shortest history that shows it. */
  events: number
  history: History | null
}

interface Found {
  history: History
  result: RunResult
}

/** Pairs of faults are tried for so many short histories. */
const pairsTried = 4
/** So many random histories come after the short ones. */
const randomMax = 4_000

/** Looks for a planted bug: single faults, pairs of faults, random histories. Shrinks what it found. */
export async function hunt(bug: string, timeoutMs: number, firstSeed = 1): Promise<Hunt> {
  const startedMs = cpuMs()
  const isOver = (): boolean => cpuMs() - startedMs > timeoutMs
  let runs = 0
  const found =
    (await inShortHistories(bug, 1, isOver, (count) => (runs += count))) ??
    (await inShortHistories(bug, 2, isOver, (count) => (runs += count))) ??
    (await inRandomHistories(bug, isOver, firstSeed, () => (runs += 1)))
  const survivedMs = cpuMs() - startedMs
  if (!found) return { bug, invariant: null, survivedMs, runs, events: 0, history: null }
  const invariant = found.result.violations[0]?.invariant ?? ''
  const { history, events } = await shrink(found.history, invariant, bug)
  return { bug, invariant, survivedMs, runs, events, history }
}

/** Processor time, because other programs may use the same cores. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}

async function inShortHistories(
  bug: string,
  depth: 1 | 2,
  isOver: () => boolean,
  count: (runs: number) => void,
): Promise<Found | null> {
  const histories = Object.values(shortHistories)
  for (const history of depth === 1 ? histories : histories.slice(0, pairsTried)) {
    const { found, runs } = await exploreFaults(history, depth, { bug, isOver, foundMax: 1 })
    count(runs)
    if (found[0]) return found[0]
  }
  return null
}

async function inRandomHistories(
  bug: string,
  isOver: () => boolean,
  firstSeed: number,
  count: () => void,
): Promise<Found | null> {
  for (let seed = firstSeed; seed < firstSeed + randomMax && !isOver(); seed += 1) {
    const run = await runRandom(seed, smallSize, bug)
    count()
    if (run.result.violations.length > 0) return run
  }
  return null
}
