import type { History } from '../histories/index.ts'
import { faultKinds, type AwaitPoint, type FaultKind, type PlannedFault } from '../processes/index.ts'
import { runHistory, type RunResult } from './run-history.ts'

export interface Exploration {
  runs: number
  deliveries: number
  /** The histories that break a promise, with their faults. */
  found: { history: History; result: RunResult }[]
}

/** Runs a history with each single fault, and with each pair of faults if `depth` is 2. */
export async function exploreFaults(
  history: History,
  depth: 1 | 2,
  options: Partial<Omit<Search, 'exploration'>> = {},
): Promise<Exploration> {
  const exploration: Exploration = { runs: 0, deliveries: 0, found: [] }
  await explore(history, [], depth, { exploration, isOver: () => false, bug: null, foundMax: 5, ...options })
  return exploration
}

interface Search {
  exploration: Exploration
  bug: string | null
  isOver: () => boolean
  /** The search ends when it has found so many. */
  foundMax: number
}

async function explore(
  history: History,
  faults: readonly PlannedFault[],
  depth: number,
  search: Search,
): Promise<void> {
  const { exploration, bug, isOver, foundMax } = search
  if (isOver() || exploration.found.length >= foundMax) return
  const points: AwaitPoint[] = []
  const run = { ...history, faults }
  const result = await runHistory(run, {
    bug,
    plan: (isHealed) => (point) => {
      if (!isHealed()) points.push(point)
      return null
    },
  })
  exploration.runs += 1
  exploration.deliveries += result.deliveries
  if (result.violations.length > 0) exploration.found.push({ history: run, result })
  if (depth === 0) return
  const last = faults.at(-1)
  const from = last ? points.findIndex(({ key }) => key === last.key) + 1 : 0
  for (const point of points.slice(from))
    for (const kind of kindsAt(point))
      await explore(history, [...faults, { key: point.key, kind }], depth - 1, search)
}

/** A fault of the queue has the same effect at every call of the same moment: three ports stand for all. */
function kindsAt({ port }: AwaitPoint): readonly FaultKind[] {
  const isQueueTried = ['save', 'claim', 'record'].includes(port)
  return isQueueTried ? faultKinds : faultKinds.filter((kind) => !kind.startsWith('queue'))
}
