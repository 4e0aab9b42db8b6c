import { setTimeout as pause } from 'node:timers/promises'
import { accept, type Locked } from './accept/accept.ts'
import type { Model } from './model.ts'
import type { Race, Step, StepResult } from './steps.ts'
import { differenceOf, type Observed } from './system/observe.ts'
import type { System } from './system/system.ts'

/** These skip a row that another transaction has locked. They never wait for it. */
const neverWaiting: ReadonlySet<Step['kind']> = new Set(['claim', 'expire claims', 'sweep', 'prune'])
const waitMaxMs = 10_000

const countWaitingSql = `
  select count(*)::int as waiting
  from pg_stat_activity
  where datname = current_database()
    and wait_event_type = 'Lock'`

interface Running {
  step: Step
  isSettled: boolean
  result: Promise<StepResult>
}

/**
 * Begins both steps while a transaction holds the delivery's row, and ends the transaction when each has finished or
 * waits for the row.
 * @throws when a step waits that must not
 */
export async function performRace(system: System, race: Race): Promise<[StepResult, StepResult]> {
  const locker = await system.database.pool.connect()
  try {
    await locker.query('begin')
    await locker.query('select from deliveries where id = $1 for update', [
      system.ids.deliveries[race.delivery],
    ])
    const first = begin(system, race.first, 0)
    const second = begin(system, race.second, 1)
    await untilBlocked(system, [first, second])
    const waiting = [first, second].find(({ step, isSettled }) => !isSettled && neverWaiting.has(step.kind))
    await locker.query('commit')
    const results = await Promise.allSettled([first.result, second.result])
    if (waiting) throw new Error(`the step "${waiting.step.kind}" waits for a row that is locked`)
    return results.map(valueOf) as [StepResult, StepResult]
  } finally {
    locker.release()
  }
}

function begin(system: System, step: Step, worker: 0 | 1): Running {
  const running: Running = { step, isSettled: false, result: system.perform(step, worker) }
  const settle = (): void => void (running.isSettled = true)
  running.result.then(settle, settle)
  return running
}

function valueOf(result: PromiseSettledResult<StepResult>): StepResult {
  if (result.status === 'rejected') throw result.reason
  return result.value
}

async function untilBlocked({ database }: System, running: readonly Running[]): Promise<void> {
  const deadline = performance.now() + waitMaxMs
  while (performance.now() < deadline) {
    const { rows } = await database.pool.query<{ waiting: number }>(countWaitingSql)
    const open = running.filter(({ isSettled }) => !isSettled).length
    if (open <= (rows[0]?.waiting ?? 0)) return
    await pause(1)
  }
  throw new Error('a step neither finished nor waits for the locked row')
}

/**
 * The model after both steps in one order or the other: whatever happens at once must look as if one happened first.
 * @returns what differs from the first order when none fits
 */
export function acceptRace(
  model: Model,
  race: Race,
  [first, second]: [StepResult, StepResult],
  observed: Observed,
  ids: System['ids'],
): Model | string {
  const orders = [
    [race.first, first, race.second, second],
    [race.second, second, race.first, first],
  ] as const
  const lockedSets: readonly Locked[] = [
    { deliveries: [race.delivery], unchanged: [] },
    { deliveries: [race.delivery], unchanged: [race.delivery] },
  ]
  let problem = ''
  for (const [step, result, later, laterResult] of orders) {
    for (const locked of lockedSets) {
      const between = accept(model, step, result, locked)
      const after = between && accept(between, later, laterResult, locked)
      const difference = after ? differenceOf(after, observed, ids) : 'a result that the model does not allow'
      if (after && difference === null) return after
      problem ||= difference ?? ''
    }
  }
  return `in no order: ${problem}`
}
