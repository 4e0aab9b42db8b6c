import { check, type Violation } from '../checker/index.ts'
import type { History } from '../histories/index.ts'
import { openInstallation, startCallers, type Callers, type Installation } from '../installation/index.ts'
import { planFaults, times, type Fault, type FaultPlan, type World } from '../processes/index.ts'
import { openScheduler, openTrace, seededChoices } from '../schedule/index.ts'
import { beginTransaction, runStatement, type Reaction } from '../stores/index.ts'
import { observe } from './observe.ts'
import { seedRows } from './seed-rows.ts'

export interface RunOptions {
  /** Chooses further faults, beside those of the history, until `isOver`. */
  plan?: (isOver: () => boolean) => FaultPlan
  /** Name of the planted bug. */
  bug?: string | null
  keepsTrace?: boolean
}

export interface RunResult {
  violations: Violation[]
  /** All faults that happened. */
  faults: readonly Fault[]
  /** The keys of all calls, in order, with the virtual time. */
  hash: string
  trace: readonly string[]
  deliveries: number
  /** Attempts of a worker that took over. */
  takeovers: number
  virtualMs: number
}

/** 2026-12-01, so that times look like times. */
const startMs = 1_796_083_200_000
/** Faults end so long after the last action. */
const faultsAfterMs = 20_000
/** A run that has not become quiet by then is stuck. */
const endAfterMs = 420_000
const probeMs = 5_000
/** So many quiet probes in a row end a run: alert rules are evaluated once more. */
const quietProbes = 3

/** Runs a history from its start until nothing happens any more, and checks it. */
export async function runHistory(history: History, options: RunOptions = {}): Promise<RunResult> {
  const world = openWorld(history, options)
  const installation = openInstallation(world, { ...history, reactionsOf: reactionsOf(history) })
  runStatement((transaction) => seedRows(installation.database, history, transaction))
  const callers = startCallers(installation, history)
  const healedMs = startMs + lastActionMs(history) + faultsAfterMs
  const isQuiet = probeQuiet(installation, callers, healedMs)
  await world.scheduler.run(isQuiet, healedMs + endAfterMs)
  const observation = observe(installation, callers, { history, startMs, healedMs })
  return {
    violations: check(observation),
    faults: world.faults,
    hash: world.trace.hash(),
    trace: world.trace.lines(),
    deliveries: observation.deliveries.length,
    takeovers: observation.attempts.filter(({ outcome }) => outcome === 'interrupted').length,
    virtualMs: world.scheduler.nowMs() - startMs,
  }
}

function openWorld(history: History, { plan, bug = null, keepsTrace = false }: RunOptions): World {
  const planned = planFaults(history.faults)
  const scheduler = openScheduler(startMs)
  const faultsUntilMs = startMs + lastActionMs(history) + faultsAfterMs
  const further = plan?.(() => scheduler.nowMs() > faultsUntilMs)
  return {
    choices: seededChoices(history.seed),
    scheduler,
    trace: openTrace(keepsTrace),
    plan: further ? (point) => planned(point) ?? further(point) : planned,
    faults: [],
    calls: new Map(),
    disturbQueue: () => {},
    crashes: [],
    hasBug: (name) => name === bug,
  }
}

function lastActionMs({ actions }: History): number {
  return Math.max(0, ...actions.map(({ atMs }) => atMs))
}

/** The reactions that the actions of a history name. Every third member of an operation gets those of the operation. */
function reactionsOf({ actions }: History): (deliveryId: string) => readonly Reaction[] {
  const named = new Map(
    actions.flatMap((one) => ('reactions' in one ? [[one.id, one.reactions] as const] : [])),
  )
  const operations = new Set(actions.flatMap((one) => (one.kind === 'operation' ? [one.id] : [])))
  return (deliveryId) => {
    const [action = '', number] = deliveryId.split('.')
    if (operations.has(action) && Number(number) % 3 !== 1) return []
    return named.get(action) ?? []
  }
}

/** Looks now and then whether everything has ended, which costs less than after each event. */
function probeQuiet(installation: Installation, callers: Callers, healedMs: number): () => boolean {
  const { scheduler, faults } = installation.world
  let quiet = 0
  const probe = (): void => {
    const disturbedMs = faults.length === 0 ? 0 : (faults.at(-1)?.atMs ?? 0) + times.late + times.frozen
    const quietFromMs = Math.max(healedMs - faultsAfterMs, disturbedMs)
    const isOver = scheduler.nowMs() > quietFromMs && callers.open() === 0
    quiet = isOver && isSettled(installation) ? quiet + 1 : 0
    scheduler.at(scheduler.nowMs() + probeMs, probe)
  }
  scheduler.at(scheduler.nowMs() + probeMs, probe)
  return () => quiet >= quietProbes
}

function isSettled({ database }: Installation): boolean {
  const transaction = beginTransaction()
  const isHeld = (destinationId: string | null, operationId: string | null): boolean => {
    const destination =
      destinationId === null ? undefined : database.destinations.get(destinationId, transaction)
    const operation = operationId === null ? undefined : database.operations.get(operationId, transaction)
    return (destination !== undefined && destination.state !== 'enabled') || operation?.state === 'paused'
  }
  const deliveries = database.deliveries.all(transaction)
  const isDone = deliveries.every(
    (row) => row.finishedAtMs !== null || isHeld(row.destinationId, row.operationId),
  )
  const held = new Set(deliveries.filter((row) => row.finishedAtMs === null).map((row) => row.operationId))
  const operations = database.operations.all(transaction)
  const areOver = operations.every(
    ({ id, state, finishedAtMs }) =>
      finishedAtMs !== null || state === 'paused' || state === 'planned' || held.has(id),
  )
  transaction.rollback()
  return isDone && areOver
}
