import {
  isFinished,
  newDelivery,
  withOperation,
  type LedgerLine,
  type Model,
  type Operation,
} from '../model.ts'
import type { Step, StepResult } from '../steps.ts'
import { acceptResumed, canResend, cancelled, resent } from './accept-actions.ts'
import { deliveryAt } from './accept-attempts.ts'

/** Bulk operations over frozen sets of deliveries, and their ledgers. */

type Of<Kind extends Step['kind']> = Extract<Step, { kind: Kind }>

export function acceptStart(model: Model, step: Of<'start operation'>, result: StepResult): Model | null {
  const isRunning = model.operations.some(
    ({ kind, state, members }) =>
      kind === step.of &&
      (state === 'running' || state === 'paused') &&
      String(members) === String(step.members),
  )
  if (result.kind !== (isRunning ? 'refused' : 'done')) return null
  const operation: Operation = {
    kind: step.of,
    state: isRunning ? 'planned' : 'running',
    members: step.members,
    plannedAtStep: model.step,
    isFed: false,
    hasEnded: false,
    lines: [],
  }
  return { ...model, operations: [...model.operations, operation] }
}

export function acceptPause(model: Model, step: Of<'pause operation'>, result: StepResult): Model | null {
  return moved(model, step.operation, ['running'], 'paused', result)
}

export function acceptResume(model: Model, step: Of<'resume operation'>, result: StepResult): Model | null {
  const operation = operationAt(model, step.operation)
  if (operation.state !== 'paused') return result.kind === 'refused' ? model : null
  const resumed = withOperation(model, step.operation, { state: 'running' })
  return acceptResumed(resumed, result, (one) => one.operation === step.operation)
}

export function acceptCancelOperation(
  model: Model,
  step: Of<'cancel operation'>,
  result: StepResult,
): Model | null {
  return moved(model, step.operation, ['running', 'paused'], 'cancelled', result)
}

function moved(
  model: Model,
  index: number,
  from: readonly Operation['state'][],
  state: Operation['state'],
  result: StepResult,
): Model | null {
  if (!from.includes(operationAt(model, index).state)) return result.kind === 'refused' ? model : null
  return result.kind === 'done' ? withOperation(model, index, { state }) : null
}

/**
 * One step of an operation: it starts all members, or ends when none waits. A cancelled one cancels what waits.
 * @param skipped deliveries that another transaction has locked: cancelling does not wait for them
 * @param kept those of them that were not cancelled
 */
export function acceptFeed(
  model: Model,
  step: Of<'feed'>,
  result: StepResult,
  skipped: readonly number[],
  kept: readonly number[],
): Model | null {
  const operation = operationAt(model, step.operation)
  const isDue = !operation.hasEnded && (operation.state === 'running' || operation.state === 'cancelled')
  if (!isDue) return result.kind === 'refused' ? model : null
  if (result.kind !== 'due') return null
  if (operation.state === 'cancelled')
    return endedIfSettled(
      listNeverBegun(cancelWaiting(model, step.operation, skipped, kept), step.operation),
      step.operation,
    )
  if (operation.isFed) return endedIfSettled(model, step.operation)
  const started = operation.members.reduce((next, member) => startMember(next, step.operation, member), model)
  const due = operationAt(started, step.operation).lines.flatMap(({ delivery }) => delivery ?? [])
  const isSame =
    due.length === result.deliveries.length && due.every((one) => result.deliveries.includes(one))
  return isSame ? withOperation(started, step.operation, { isFed: true }) : null
}

/** The ledger of a cancelled operation accounts for the members that it never began. */
function listNeverBegun(model: Model, index: number): Model {
  const { isFed, members, lines } = operationAt(model, index)
  if (isFed) return model
  const added = members.map((source) => ({ source, delivery: null, outcome: 'cancelled' }) as const)
  return withOperation(model, index, { isFed: true, lines: [...lines, ...added] })
}

function cancelWaiting(
  model: Model,
  index: number,
  skipped: readonly number[],
  kept: readonly number[],
): Model {
  return model.deliveries.reduce((next, one, delivery) => {
    const isWaiting = one.operation === index && (one.state === 'queued' || one.state === 'retrying')
    if (!isWaiting || (skipped.includes(delivery) && kept.includes(delivery))) return next
    return cancelled(next, delivery)
  }, model)
}

function endedIfSettled(model: Model, index: number): Model {
  const operation = operationAt(model, index)
  if (operation.lines.some(({ outcome }) => outcome === 'waiting')) return model
  const state = operation.state === 'cancelled' ? 'cancelled' : 'completed'
  return withOperation(model, index, { state, hasEnded: true })
}

function startMember(model: Model, index: number, source: number): Model {
  const operation = operationAt(model, index)
  const withLine = (next: Model, line: Omit<LedgerLine, 'source'>): Model =>
    withOperation(next, index, { lines: [...operation.lines, { source, ...line }] })
  if (isSkipped(model, operation, source)) return withLine(model, { delivery: null, outcome: 'skipped' })
  if (operation.kind === 'resend') {
    return withLine(resent(model, source, index), { delivery: source, outcome: 'waiting' })
  }
  const copy = { ...newDelivery(model, deliveryAt(model, source), source), operation: index }
  const made = { ...model, deliveries: [...model.deliveries, copy] }
  return withLine(made, { delivery: model.deliveries.length, outcome: 'waiting' })
}

function isSkipped(model: Model, { kind, plannedAtStep }: Operation, source: number): boolean {
  const delivery = deliveryAt(model, source)
  if (!isFinished(delivery) || (delivery.finishedAtStep ?? 0) > plannedAtStep) return true
  if (delivery.isRecovered) return true
  if (delivery.toSavedDestination && model.isDestinationPaused) return true
  return kind === 'resend' ? !canResend(model, source) : delivery.isErased
}

function operationAt(model: Model, index: number): Operation {
  const operation = model.operations[index]
  if (!operation) throw new Error(`the model has no operation ${index}`)
  return operation
}
