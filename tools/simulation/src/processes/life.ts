import type { AwaitPoint, FaultKind } from './faults.ts'
import { times, type World } from './world.ts'

/** A store or the queue is lost for the moment. */
export class StoreLost extends Error {}

/** The effect of a call that gets no response. */
export class NoResponse extends Error {}

/** The effect needs a row that a transaction has locked. It is tried again when the transaction ends. */
export class RowLocked extends Error {
  readonly whenFree: (retry: () => void) => void
  constructor(whenFree: (retry: () => void) => void) {
    super('the row is locked')
    this.whenFree = whenFree
  }
}

/** How a call of a receiver differs from a call of a store: its failures are values. */
interface FailureValues<T> {
  before: T
  after: T
  timeoutMs: number
  timedOut: T
}

/** A process from its start to its end. After its end no promise of it settles. */
export interface Life {
  readonly process: string
  isAlive: () => boolean
  isFrozen: () => boolean
  /** It was asked to end. */
  isStopping: () => boolean
  /** Calls a port. The effect happens at one moment between the call and the response. */
  call: <T>(port: string, subject: string, effect: () => T, failures?: FailureValues<T>) => Promise<T>
  pause: (ms: number) => Promise<void>
  kill: () => void
  /** Ends it, and its supervisor does not start it again. */
  abandon: () => void
  isAbandoned: () => boolean
  stop: () => void
  /** Runs when the process ends; the returned function cancels that. */
  onEnd: (run: () => void) => () => void
  onStop: (run: () => void) => void
}

export function openLife(world: World, process: string): Life {
  const { scheduler } = world
  const ends = new Set<() => void>()
  const stops: (() => void)[] = []
  let isAlive = true
  let isStopping = false
  let isAbandoned = false
  let frozenUntilMs = 0
  /** Resumes code of the process: not after its end, and not while it is frozen. */
  const resumeAt = (timeMs: number, run: () => void): void =>
    scheduler.at(timeMs, () => {
      if (!isAlive) return
      if (frozenUntilMs > scheduler.nowMs()) resumeAt(frozenUntilMs, run)
      else run()
    })
  const life: Life = {
    process,
    isAlive: () => isAlive,
    isFrozen: () => frozenUntilMs > scheduler.nowMs(),
    isStopping: () => isStopping,
    call: (port, subject, effect, failures) =>
      call({ world, life, freeze, resumeAt }, pointOf(world, process, port, subject), effect, failures),
    pause: (ms) => {
      const { promise, resolve } = Promise.withResolvers<void>()
      resumeAt(scheduler.nowMs() + ms, resolve)
      return promise
    },
    kill: () => {
      if (!isAlive) return
      isAlive = false
      for (const run of ends) run()
    },
    abandon: () => {
      isAbandoned = true
      life.kill()
    },
    isAbandoned: () => isAbandoned,
    stop: () => {
      if (isStopping) return
      isStopping = true
      for (const run of stops) run()
    },
    onEnd: (run) => {
      ends.add(run)
      return () => void ends.delete(run)
    },
    onStop: (run) => void stops.push(run),
  }
  const freeze = (): void => void (frozenUntilMs = scheduler.nowMs() + times.frozen)
  return life
}

interface Caller {
  world: World
  life: Life
  freeze: () => void
  resumeAt: (timeMs: number, run: () => void) => void
}

function pointOf(world: World, process: string, port: string, subject: string): AwaitPoint {
  const name = `${port} ${subject}`
  const number = (world.calls.get(name) ?? 0) + 1
  world.calls.set(name, number)
  return { key: `${name} ${number}`, port, process }
}

function call<T>(
  caller: Caller,
  point: AwaitPoint,
  effect: () => T,
  failures?: FailureValues<T>,
): Promise<T> {
  const { world, life, resumeAt } = caller
  const { scheduler, choices } = world
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const fault = faultOf(world, point)
  const sentAtMs = scheduler.nowMs()
  const { requestMin, requestMax } = times
  const requestMs = choices.between(`${point.key} >`, requestMin, requestMax)
  const responseMs = choices.between(`${point.key} <`, requestMin, requestMax)
  const fail = (value: T | undefined): void =>
    resumeAt(scheduler.nowMs() + responseMs, () =>
      failures ? resolve(value as T) : reject(new StoreLost(point.port)),
    )
  const arrive = (): void => {
    disturb(caller, fault)
    if (fault === 'die_before') return life.kill()
    if (fault === 'fail_before') return fail(failures?.before)
    const done = perform(world, effect, arrive)
    if (done === null || ('error' in done && done.error instanceof NoResponse)) return
    if (fault === 'die_after') return life.kill()
    if (fault === 'fail_after') return fail(failures?.after)
    if (fault === 'freeze') caller.freeze()
    const readyMs = scheduler.nowMs() + responseMs + delayAfter(fault)
    resumeAt(readyMs, () => ('error' in done ? reject(done.error) : resolve(done.value)))
  }
  scheduler.at(sentAtMs + requestMs + delayBefore(fault), arrive)
  if (failures) resumeAt(sentAtMs + failures.timeoutMs, () => resolve(failures.timedOut))
  return promise
}

function faultOf(world: World, point: AwaitPoint): FaultKind | null {
  const kind = world.plan(point)
  const atMs = world.scheduler.nowMs()
  world.trace.add(`${atMs} ${point.process} ${point.key} ${kind ?? ''}`)
  if (kind !== null) world.faults.push({ key: point.key, kind, process: point.process, atMs })
  return kind
}

function delayBefore(fault: FaultKind | null): number {
  if (fault === 'slow_before') return times.slow
  return fault === 'late_before' ? times.late : 0
}

function delayAfter(fault: FaultKind | null): number {
  if (fault === 'delay_after') return times.delayed
  return fault === 'slow_after' ? times.slow : 0
}

/** The faults of the process and of the queue that come before the effect. */
function disturb({ world, life }: Caller, fault: FaultKind | null): void {
  if (fault === 'stop') life.stop()
  if (fault === 'queue_flushed' || fault === 'queue_evicted' || fault === 'queue_down')
    world.disturbQueue(fault)
}

type Performed<T> = { value: T } | { error: unknown }

/** Null when the effect waits for a lock. */
function perform<T>({ scheduler }: World, effect: () => T, again: () => void): Performed<T> | null {
  try {
    return { value: effect() }
  } catch (error) {
    if (!(error instanceof RowLocked)) return { error }
    error.whenFree(() => scheduler.at(scheduler.nowMs() + 1, again))
    return null
  }
}
