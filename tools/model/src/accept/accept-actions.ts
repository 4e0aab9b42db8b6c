import {
  finished,
  isFinished,
  keepBodiesDays,
  newDelivery,
  withDelivery,
  withOutcome,
  type Model,
} from '../model.ts'
import type { Step, StepResult } from '../steps.ts'
import { deliveryAt } from './accept-attempts.ts'

/** What people do with deliveries and visitors, and what retention does. */

type Of<Kind extends Step['kind']> = Extract<Step, { kind: Kind }>

export function acceptResend(model: Model, step: Of<'resend'>, result: StepResult): Model | null {
  if (!canResend(model, step.delivery)) return result.kind === 'refused' ? model : null
  return result.kind === 'done' ? resent(model, step.delivery, null) : null
}

export function canResend(model: Model, index: number): boolean {
  const delivery = deliveryAt(model, index)
  return isFinished(delivery) && !delivery.isErased && delivery.payload !== null
}

/** A new series of attempts of the same delivery, with the same payload. */
export function resent(model: Model, index: number, operation: number | null): Model {
  return withDelivery(model, index, {
    state: 'queued',
    seriesStart: deliveryAt(model, index).attempts.length,
    nextAttemptAt: model.now,
    finishedAtStep: null,
    isRecovered: false,
    operation,
  })
}

export function acceptReExport(model: Model, step: Of<'re-export'>, result: StepResult): Model | null {
  const source = deliveryAt(model, step.delivery)
  if (source.isErased) return result.kind === 'refused' ? model : null
  if (result.kind !== 'saved' || result.delivery !== model.deliveries.length) return null
  return { ...model, deliveries: [...model.deliveries, newDelivery(model, source, step.delivery)] }
}

export function acceptCancel(model: Model, step: Of<'cancel'>, result: StepResult): Model | null {
  const { state } = deliveryAt(model, step.delivery)
  if (state !== 'queued' && state !== 'retrying') return result.kind === 'refused' ? model : null
  return result.kind === 'done' ? cancelled(model, step.delivery) : null
}

export function cancelled(model: Model, index: number): Model {
  return withDelivery(withOutcome(model, index, 'cancelled'), index, finished(model, 'cancelled'))
}

/** Nothing personal remains but what a running attempt holds, and that attempt stores nothing. */
export function acceptErase(model: Model, step: Of<'erase'>, result: StepResult): Model | null {
  if (result.kind !== 'erased') return null
  const members = model.deliveries.flatMap((one, index) =>
    one.visitor === step.visitor && !one.isErased ? [index] : [],
  )
  const waiting = members.filter((index) => ['queued', 'retrying'].includes(deliveryAt(model, index).state))
  const inFlight = members.filter((index) => deliveryAt(model, index).state === 'delivering')
  const isRight =
    result.deliveries === members.length &&
    result.cancelled === waiting.length &&
    result.inFlight === inFlight.length
  if (!isRight) return null
  const withoutWaiting = waiting.reduce(cancelled, model)
  const erased = members.reduce(
    (next, index) => withDelivery(next, index, { isErased: true, payload: null }),
    withoutWaiting,
  )
  const keys = Object.entries(model.keys).filter(([, { delivery }]) => !members.includes(delivery))
  const erasedVisitors = model.erasedVisitors.map((was, visitor) => was || visitor === step.visitor)
  return { ...erased, keys: Object.fromEntries(keys), erasedVisitors }
}

/** Deletes old payloads of finished deliveries, and old keys. */
export function acceptPrune(model: Model, mayHaveSkipped: readonly number[], kept: readonly number[]): Model {
  const keys = Object.entries(model.keys).filter(([, { madeAt }]) => model.now - madeAt < 1)
  return model.deliveries.reduce<Model>(
    (next, one, index) => {
      if (mayHaveSkipped.includes(index) && kept.includes(index)) return next
      const isOld = one.payload !== null && model.now - one.payload.builtAt >= keepBodiesDays
      return isOld && isFinished(one) ? withDelivery(next, index, { payload: null }) : next
    },
    { ...model, keys: Object.fromEntries(keys) },
  )
}

export function acceptDestination(model: Model, isPaused: boolean, result: StepResult): Model | null {
  const changed = { ...model, isDestinationPaused: isPaused }
  if (isPaused) return result.kind === 'done' ? changed : null
  return acceptResumed(changed, result, ({ toSavedDestination }) => toSavedDestination)
}

/** Resuming returns the due deliveries that were paused, and the sweeper looks at them at once. */
export function acceptResumed(
  model: Model,
  result: StepResult,
  wasPaused: (delivery: Model['deliveries'][number]) => boolean,
): Model | null {
  if (result.kind !== 'due') return null
  const due = model.deliveries.flatMap((one, index) => {
    const isWaiting = one.state === 'queued' || one.state === 'retrying'
    return wasPaused(one) && isWaiting && (one.nextAttemptAt ?? Infinity) <= model.now ? [index] : []
  })
  const isSame =
    due.length === result.deliveries.length && due.every((one) => result.deliveries.includes(one))
  if (!isSame) return null
  return due.reduce((next, index) => withDelivery(next, index, { sweepAt: model.now }), model)
}
