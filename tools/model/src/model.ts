/**
 * The model: what the statements must do, in as few words as possible. It has no network, database or clock. Times are
 * whole days since the start of the history, because the histories move time by whole days.
 */

type State = 'queued' | 'delivering' | 'retrying' | 'delivered' | 'failed' | 'cancelled'

export interface Attempt {
  number: number
  outcome: 'answered' | 'timed_out' | 'interrupted'
  decision: 'delivered' | 'retry' | 'give_up'
  outcomeUnknown: boolean
}

export interface Delivery {
  visitor: number
  /** It goes to the saved destination, which can be paused. */
  toSavedDestination: boolean
  state: State
  attempts: readonly Attempt[]
  /** How many attempts were made before the last resend. */
  seriesStart: number
  nextAttemptAt: number | null
  /** Index in `claims` of the claim that counts; null without one. */
  claim: number | null
  payload: { body: string; builtAt: number } | null
  isErased: boolean
  /** The operation that it is a member of. */
  operation: number | null
  /** The delivery that it is a copy of; null for one that is no copy. */
  madeFrom: number | null
  /** A copy of it was delivered after it had failed. */
  isRecovered: boolean
  /** When it finished, as the number of steps before; null while unfinished. */
  finishedAtStep: number | null
  /** When the sweeper looks at it. The statements choose this within bounds. */
  sweepAt: number | null
}

/** A claim that a worker holds, or believes that it holds. */
export interface Claim {
  delivery: number
  /** The worker that claimed it. */
  worker: Worker
  attemptNumber: number
  expiresAt: number
}

/** One process has one instance of each port. Two instances never share a statement. */
export type Worker = 0 | 1

export interface LedgerLine {
  source: number
  delivery: number | null
  outcome: 'waiting' | 'delivered' | 'failed' | 'skipped' | 'cancelled'
}

export interface Operation {
  kind: 'resend' | 're_export'
  state: 'planned' | 'running' | 'paused' | 'completed' | 'cancelled'
  members: readonly number[]
  /** Number of steps before it was planned. */
  plannedAtStep: number
  isFed: boolean
  hasEnded: boolean
  lines: readonly LedgerLine[]
}

interface IdempotencyKey {
  request: string
  delivery: number
  madeAt: number
}

export interface Model {
  step: number
  now: number
  deliveries: readonly Delivery[]
  claims: readonly Claim[]
  operations: readonly Operation[]
  keys: Readonly<Record<string, IdempotencyKey>>
  /** One of them is erased or not. */
  erasedVisitors: readonly boolean[]
  isDestinationPaused: boolean
}

export const visitorCount = 2
export const claimDays = 1
/** How long after it is due the sweeper looks at a delivery. */
export const sweepAfterDays = 1
export const keepBodiesDays = 2

export function newModel(): Model {
  return {
    step: 0,
    now: 0,
    deliveries: [],
    claims: [],
    operations: [],
    keys: {},
    erasedVisitors: Array.from({ length: visitorCount }, () => false),
    isDestinationPaused: false,
  }
}

export function isFinished({ state }: Delivery): boolean {
  return state === 'delivered' || state === 'failed' || state === 'cancelled'
}

/** True while the claim counts and has not expired. */
export function isClaimed(model: Model, delivery: Delivery): boolean {
  const claim = delivery.claim === null ? undefined : model.claims[delivery.claim]
  return delivery.state === 'delivering' && claim !== undefined && claim.expiresAt > model.now
}

/** True while the claim counts although it has expired: its attempt is to be recorded as interrupted. */
export function isInterrupted(model: Model, delivery: Delivery): boolean {
  return delivery.state === 'delivering' && !isClaimed(model, delivery)
}

/** True when a worker may claim it now. */
export function isClaimable(model: Model, delivery: Delivery): boolean {
  const { state, nextAttemptAt, operation } = delivery
  if (delivery.toSavedDestination && model.isDestinationPaused) return false
  if (operation !== null && model.operations[operation]?.state === 'paused') return false
  return (state === 'queued' || state === 'retrying') && nextAttemptAt !== null && nextAttemptAt <= model.now
}

export function withDelivery(model: Model, index: number, changes: Partial<Delivery>): Model {
  const deliveries = model.deliveries.map((one, at) => (at === index ? { ...one, ...changes } : one))
  return { ...model, deliveries }
}

export function withOperation(model: Model, index: number, changes: Partial<Operation>): Model {
  const operations = model.operations.map((one, at) => (at === index ? { ...one, ...changes } : one))
  return { ...model, operations }
}

/**
 * Writes the outcome of a delivery into the line of its operation.
 * @param replaced only if the line has one of these outcomes
 */
export function withOutcome(
  model: Model,
  index: number,
  outcome: LedgerLine['outcome'],
  replaced: readonly LedgerLine['outcome'][] = ['waiting'],
): Model {
  const operation = model.deliveries[index]?.operation ?? null
  if (operation === null) return model
  const lines = (model.operations[operation]?.lines ?? []).map((line) =>
    line.delivery === index && replaced.includes(line.outcome) ? { ...line, outcome } : line,
  )
  return withOperation(model, operation, { lines })
}

export function newDelivery(
  model: Model,
  { visitor, toSavedDestination }: Pick<Delivery, 'visitor' | 'toSavedDestination'>,
  madeFrom: number | null = null,
): Delivery {
  return {
    visitor,
    toSavedDestination,
    madeFrom,
    isRecovered: false,
    state: 'queued',
    attempts: [],
    seriesStart: 0,
    nextAttemptAt: model.now,
    claim: null,
    payload: null,
    isErased: false,
    operation: null,
    finishedAtStep: null,
    sweepAt: null,
  }
}

/** Marks the dead letters that this delivered one was made from. */
export function withRecovered(model: Model, delivered: number): Model {
  const source = model.deliveries[delivered]?.madeFrom ?? null
  if (source === null) return model
  const isDeadLetter = model.deliveries[source]?.state === 'failed'
  return withRecovered(isDeadLetter ? withDelivery(model, source, { isRecovered: true }) : model, source)
}

/** A delivery that finishes in this step. */
export function finished(model: Model, state: 'delivered' | 'failed' | 'cancelled'): Partial<Delivery> {
  return { state, nextAttemptAt: null, claim: null, finishedAtStep: model.step, sweepAt: null }
}
