import { exploreFaults, hunt, longSize, runRandom, shrink, type Hunt } from './explore/index.ts'
import { shortHistories, type History } from './histories/index.ts'

/** A part of the work, which one thread does. */
export type Task =
  | { kind: 'explore'; name: string; depth: 1 | 2 }
  | { kind: 'hunt'; name: string; seed: number; timeoutMs: number }
  | { kind: 'random'; seed: number; count: number }

/** A history that breaks a promise, shrunk. */
export interface Breach {
  seed: number
  invariant: string
  text: string
  history: Pick<History, 'actions' | 'faults'>
}

export interface TaskResult {
  task: Task
  runs: number
  deliveries: number
  faults: number
  takeovers: number
  cpuMs: number
  breaches: Breach[]
  hunt: Hunt | null
}

const breachesMax = 3

export async function runTask(task: Task): Promise<TaskResult> {
  const before = process.threadCpuUsage()
  const result: TaskResult = {
    task,
    runs: 0,
    deliveries: 0,
    faults: 0,
    takeovers: 0,
    cpuMs: 0,
    breaches: [],
    hunt: null,
  }
  if (task.kind === 'explore') await explore(task, result)
  else if (task.kind === 'random') await runSeeds(task, result)
  else {
    result.hunt = await hunt(task.name, task.timeoutMs, task.seed)
    result.runs = result.hunt.runs
  }
  const used = process.threadCpuUsage(before)
  return { ...result, cpuMs: (used.user + used.system) / 1_000 }
}

async function explore(task: Extract<Task, { kind: 'explore' }>, result: TaskResult): Promise<void> {
  const history = shortHistories[task.name]
  if (!history) throw new Error(`there is no history ${task.name}`)
  const { runs, deliveries, found } = await exploreFaults(history, task.depth)
  Object.assign(result, { runs, deliveries })
  for (const one of found) await addBreach(result, history.seed, one.history, one.result.violations)
}

async function runSeeds(
  { seed, count }: Extract<Task, { kind: 'random' }>,
  result: TaskResult,
): Promise<void> {
  for (let one = seed; one < seed + count; one += 1) {
    const { history, result: run } = await runRandom(one, longSize)
    result.runs += 1
    result.deliveries += run.deliveries
    result.faults += run.faults.length
    result.takeovers += run.takeovers
    if (run.violations.length > 0) await addBreach(result, one, history, run.violations)
  }
}

async function addBreach(
  { breaches }: TaskResult,
  seed: number,
  history: History,
  violations: readonly { invariant: string; text: string }[],
): Promise<void> {
  const [first] = violations
  if (!first || breaches.length >= breachesMax) return
  const { history: short } = await shrink(history, first.invariant, null)
  breaches.push({ seed, ...first, history: { actions: short.actions, faults: short.faults } })
}
