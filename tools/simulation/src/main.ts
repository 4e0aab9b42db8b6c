import { parseArgs } from 'node:util'
import { formatExploration, formatHunts, formatRandom } from './report.ts'
import { shareWork } from './share-work.ts'
import type { TaskResult } from './tasks.ts'
import { shortHistories } from './histories/index.ts'
import { plantedBugs } from './planted/index.ts'

/**
 * `npm run simulate` runs the use cases of packages/delivery in memory, with faults. `--histories N` or `--minutes N`:
 * random histories from `--seed`. `--exhaustive`: all single and double faults of the short histories. `--planted`:
 * looks for each planted bug. Without an option: a short form of all three. README.md explains the output.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    histories: { type: 'string' },
    minutes: { type: 'string' },
    exhaustive: { type: 'boolean', default: false },
    planted: { type: 'boolean', default: false },
    threads: { type: 'string', default: '2' },
  },
})
const seed = Number(values.seed)
const threads = Number(values.threads)
const timeoutMs = values.minutes === undefined ? null : Number(values.minutes) * 60_000
const isShort = !values.exhaustive && !values.planted && values.histories === undefined && timeoutMs === null
const shortForm = 200
const huntMs = 120_000

let failed = 0
if (values.exhaustive || isShort) {
  const depth: 1 | 2 = isShort ? 1 : 2
  const tasks = Object.keys(shortHistories).map((name) => ({ kind: 'explore' as const, name, depth }))
  failed += formatExploration(await shareWork(threads, tasks, timeoutMs, showProgress), depth, console.log)
}
if (values.planted || isShort) {
  const tasks = plantedBugs.map(({ name }) => ({ kind: 'hunt' as const, name, seed, timeoutMs: huntMs }))
  failed += formatHunts(await shareWork(threads, tasks, null, showProgress), console.log)
}
if (values.histories !== undefined || timeoutMs !== null || isShort) {
  const count = Number(values.histories ?? (timeoutMs === null ? shortForm : Number.MAX_SAFE_INTEGER))
  const perTask = 25
  const tasks = (function* () {
    for (let first = 0; first < count; first += perTask)
      yield { kind: 'random' as const, seed: seed + first, count: Math.min(perTask, count - first) }
  })()
  failed += formatRandom(await shareWork(threads, tasks, timeoutMs), console.log)
}
/** The tables come at the end; the progress goes to standard error. */
function showProgress({ task, hunt, breaches }: TaskResult): void {
  const name = 'name' in task ? task.name : ''
  console.error(`  ${name}: ${hunt ? (hunt.invariant ?? 'not found') : `${breaches.length} broken`}`)
}

process.exitCode = failed === 0 ? 0 : 1
