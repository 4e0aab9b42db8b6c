import {
  claimDays,
  finished,
  isClaimable,
  isClaimed,
  isFinished,
  isInterrupted,
  newDelivery,
  sweepAfterDays,
  withDelivery,
  withOutcome,
  withRecovered,
  type Attempt,
  type Claim,
  type Delivery,
  type LedgerLine,
  type Model,
} from '../model.ts'
import type { AttemptEnd, Step, StepResult } from '../steps.ts'

/** The steps of a delivery's path: save, claim, store the payload, record, release, sweep. */

type Of<Kind extends Step['kind']> = Extract<Step, { kind: Kind }>

export function requestOf({ visitor, toSavedDestination }: Of<'save'>): string {
  return `${visitor} ${toSavedDestination ? 'saved' : 'url'}`
}

export function acceptSave(model: Model, step: Of<'save'>, result: StepResult): Model | null {
  if (model.erasedVisitors[step.visitor]) return result.kind === 'no visitor' ? model : null
  const known = step.key === null ? undefined : model.keys[step.key]
  const request = requestOf(step)
  if (known && model.now - known.madeAt < 1) {
    if (known.request !== request) return result.kind === 'conflict' ? model : null
    return result.kind === 'already saved' && result.delivery === known.delivery ? model : null
  }
  const delivery = model.deliveries.length
  if (result.kind !== 'saved' || result.delivery !== delivery) return null
  const saved = { ...model, deliveries: [...model.deliveries, newDelivery(model, step)] }
  if (step.key === null) return saved
  return { ...saved, keys: { ...model.keys, [step.key]: { request, delivery, madeAt: model.now } } }
}

/** @param mayHaveSkipped another transaction has locked the row: a claim does not wait for it */
export function acceptClaim(
  model: Model,
  step: Of<'claim'>,
  result: StepResult,
  mayHaveSkipped: boolean,
): Model | null {
  const delivery = deliveryAt(model, step.delivery)
  if (isInterrupted(model, delivery)) {
    return result.kind === 'interrupted' && result.claims.every((claim) => claim === delivery.claim)
      ? model
      : null
  }
  if (!isClaimable(model, delivery)) {
    return result.kind === (isFinished(delivery) ? 'nothing to do' : 'wait') ? model : null
  }
  if (result.kind === 'wait' && mayHaveSkipped) return model
  const claim = claimOf(model, step)
  const isRight =
    result.kind === 'claimed' &&
    result.attemptNumber === claim.attemptNumber &&
    result.mayBeRepeat === delivery.attempts.some(({ outcomeUnknown }) => outcomeUnknown) &&
    result.payload === (delivery.payload?.body ?? null)
  if (!isRight) return null
  const claimed = { ...model, claims: [...model.claims, claim] }
  return withDelivery(claimed, step.delivery, { state: 'delivering', claim: model.claims.length })
}

function claimOf(model: Model, { delivery, worker }: Of<'claim'>): Claim {
  const attemptNumber = deliveryAt(model, delivery).attempts.length + 1
  return { delivery, worker, attemptNumber, expiresAt: model.now + claimDays }
}

export function acceptStorePayload(
  model: Model,
  step: Of<'store payload'>,
  result: StepResult,
): Model | null {
  const { claim, delivery } = heldClaim(model, step.claim)
  if (!isHeld(model, step.claim) || delivery.isErased) return result.kind === 'refused' ? model : null
  const body = delivery.payload?.body ?? bodyOf(step.claim)
  if (result.kind !== 'stored' || result.body !== body) return null
  const payload = delivery.payload ?? { body, builtAt: model.now }
  return withDelivery(model, claim.delivery, { payload })
}

/** The bytes that this claim's worker builds. */
export function bodyOf(claim: number): string {
  return JSON.stringify({ built: claim })
}

/** The owner records what it knows as long as nobody else has recorded or released its claim, also after it expired. */
export function acceptRecord(model: Model, step: Of<'record'>, result: StepResult): Model | null {
  const { claim, delivery } = heldClaim(model, step.claim)
  const { end } = step
  if (isOwned(model, step.claim))
    return result.kind === 'done' ? settled(model, claim, attemptOf(claim, end), end) : null
  if (!isCorrectable(delivery, claim, end)) return result.kind === 'refused' ? model : null
  if (result.kind !== 'done') return null
  const before = withDelivery(model, claim.delivery, { attempts: delivery.attempts.slice(0, -1) })
  return settled(before, claim, attemptOf(claim, end), end, ['waiting', 'failed'])
}

/** A known outcome replaces the interruption that others recorded, unless somebody has sent the delivery again. */
function isCorrectable(delivery: Delivery, claim: Claim, end: AttemptEnd): boolean {
  const last = delivery.attempts.at(-1)
  const isUntouched =
    delivery.state === 'retrying' ||
    (delivery.state === 'failed' && (end.to !== 'retrying' || delivery.operation === null))
  const isKnown = end.to === 'delivered' || !end.unknown
  const isSame = last?.outcome === 'interrupted' && last.number === claim.attemptNumber
  return isUntouched && isKnown && isSame && delivery.claim === null
}

/** Others record an expired claim as interrupted, once. */
export function acceptInterruption(
  model: Model,
  step: Of<'record interruption'>,
  result: StepResult,
): Model | null {
  const { claim } = heldClaim(model, step.claim)
  if (!isOwned(model, step.claim) || claim.expiresAt > model.now)
    return result.kind === 'refused' ? model : null
  if (result.kind !== 'done') return null
  const decision = step.end.to === 'failed' ? 'give_up' : 'retry'
  const attempt = {
    number: claim.attemptNumber,
    outcome: 'interrupted',
    decision,
    outcomeUnknown: true,
  } as const
  return settled(model, claim, attempt, step.end)
}

function settled(
  model: Model,
  claim: Claim,
  attempt: Attempt,
  end: AttemptEnd,
  replaced?: readonly LedgerLine['outcome'][],
): Model {
  const delivery = deliveryAt(model, claim.delivery)
  const base = {
    attempts: [...delivery.attempts, attempt],
    payload: delivery.isErased ? null : delivery.payload,
  }
  if (end.to === 'retrying') {
    const next = {
      state: 'retrying',
      claim: null,
      nextAttemptAt: model.now + end.days,
      finishedAtStep: null,
    } as const
    return withDelivery(model, claim.delivery, { ...base, ...next })
  }
  const counted = withOutcome(model, claim.delivery, end.to, replaced)
  const ended = withDelivery(counted, claim.delivery, { ...base, ...finished(model, end.to) })
  return end.to === 'delivered' ? withRecovered(ended, claim.delivery) : ended
}

function attemptOf({ attemptNumber: number }: Claim, end: AttemptEnd): Attempt {
  const outcomeUnknown = end.to !== 'delivered' && end.unknown
  const decision = end.to === 'delivered' ? 'delivered' : end.to === 'failed' ? 'give_up' : 'retry'
  return { number, outcome: outcomeUnknown ? 'timed_out' : 'answered', decision, outcomeUnknown }
}

/** A released delivery is due again. Its owner sent nothing, so the claim may have expired. */
export function acceptRelease(model: Model, step: Of<'release'>, result: StepResult): Model | null {
  const { claim, delivery } = heldClaim(model, step.claim)
  if (!isOwned(model, step.claim)) return result.kind === 'refused' ? model : null
  if (result.kind !== 'done') return null
  const state = delivery.attempts.length === delivery.seriesStart ? 'queued' : 'retrying'
  return withDelivery(model, claim.delivery, { state, claim: null, sweepAt: model.now })
}

/** The claims of a dead worker, for their attempts to be recorded as interrupted. */
export function acceptExpire(
  model: Model,
  step: Of<'expire claims'>,
  result: StepResult,
  mayHaveSkipped: readonly number[],
): Model | null {
  if (result.kind !== 'interrupted') return null
  const owned = model.deliveries.flatMap(({ state, claim }, delivery) =>
    state === 'delivering' && claim !== null && model.claims[claim]?.worker === step.worker
      ? [{ claim, delivery }]
      : [],
  )
  const isRight =
    owned.every(
      ({ claim, delivery }) => result.claims.includes(claim) || mayHaveSkipped.includes(delivery),
    ) && result.claims.every((claim) => owned.some((one) => one.claim === claim))
  if (!isRight) return null
  const claims = model.claims.map((one, index) =>
    result.claims.includes(index) ? { ...one, expiresAt: Math.min(one.expiresAt, model.now) } : one,
  )
  return result.claims.reduce<Model>(
    (next, claim) => withDelivery(next, model.claims[claim]?.delivery ?? 0, { sweepAt: model.now }),
    { ...model, claims },
  )
}

/** Each overdue delivery without a valid claim is returned, and is not returned again at once. */
export function acceptSweep(
  model: Model,
  result: StepResult,
  mayHaveSkipped: readonly number[],
): Model | null {
  if (result.kind !== 'due') return null
  const overdue = model.deliveries.flatMap((one, index) =>
    one.sweepAt !== null && one.sweepAt <= model.now && !isClaimed(model, one) ? [index] : [],
  )
  const isComplete = overdue.every(
    (index) => result.deliveries.includes(index) || mayHaveSkipped.includes(index),
  )
  if (!isComplete || !result.deliveries.every((index) => overdue.includes(index))) return null
  return result.deliveries.reduce(
    (swept, index) => withDelivery(swept, index, { sweepAt: model.now + sweepAfterDays }),
    model,
  )
}

export function deliveryAt(model: Model, index: number): Delivery {
  const delivery = model.deliveries[index]
  if (!delivery) throw new Error(`the model has no delivery ${index}`)
  return delivery
}

function heldClaim(model: Model, index: number): { claim: Claim; delivery: Delivery } {
  const claim = model.claims[index]
  if (!claim) throw new Error(`the model has no claim ${index}`)
  return { claim, delivery: deliveryAt(model, claim.delivery) }
}

/** True while nobody has recorded or released this claim. */
function isOwned(model: Model, index: number): boolean {
  const { delivery } = heldClaim(model, index)
  return delivery.claim === index && delivery.state === 'delivering'
}

/** True while this claim counts and has not expired. */
function isHeld(model: Model, index: number): boolean {
  const { delivery } = heldClaim(model, index)
  return delivery.claim === index && isClaimed(model, delivery)
}
