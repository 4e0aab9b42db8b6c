import type { Model } from '../model.ts'
import type { Step, StepResult } from '../steps.ts'
import {
  acceptCancel,
  acceptDestination,
  acceptErase,
  acceptPrune,
  acceptReExport,
  acceptResend,
} from './accept-actions.ts'
import {
  acceptClaim,
  acceptExpire,
  acceptInterruption,
  acceptRecord,
  acceptRelease,
  acceptSave,
  acceptStorePayload,
  acceptSweep,
} from './accept-attempts.ts'
import {
  acceptCancelOperation,
  acceptFeed,
  acceptPause,
  acceptResume,
  acceptStart,
} from './accept-operations.ts'

/** Rows that another transaction had locked during a step. Statements that do not wait may have skipped them. */
export interface Locked {
  deliveries: readonly number[]
  /** Those whose row is as before: a skipping statement left them alone. */
  unchanged: readonly number[]
}

const nothingLocked: Locked = { deliveries: [], unchanged: [] }

/** The model after a step that had this result; null when the step must not have this result. */
export function accept(
  model: Model,
  step: Step,
  result: StepResult,
  locked: Locked = nothingLocked,
): Model | null {
  switch (step.kind) {
    case 'save':
      return acceptSave(model, step, result)
    case 'claim':
      return acceptClaim(model, step, result, locked.deliveries.includes(step.delivery))
    case 'store payload':
      return acceptStorePayload(model, step, result)
    case 'record':
      return acceptRecord(model, step, result)
    case 'release':
      return acceptRelease(model, step, result)
    case 'record interruption':
      return acceptInterruption(model, step, result)
    case 'expire claims':
      return acceptExpire(model, step, result, locked.deliveries)
    case 'sweep':
      return acceptSweep(model, result, locked.deliveries)
    case 'pass':
      return { ...model, now: model.now + step.days }
    case 'resend':
    case 're-export':
    case 'cancel':
    case 'erase':
    case 'prune':
    case 'pause destination':
    case 'resume destination':
    case 'start operation':
    case 'feed':
    case 'pause operation':
    case 'resume operation':
    case 'cancel operation':
      return acceptAction(model, step, result, locked)
  }
}

type AttemptKind =
  | 'save'
  | 'claim'
  | 'store payload'
  | 'record'
  | 'release'
  | 'record interruption'
  | 'expire claims'
  | 'sweep'
  | 'pass'
type Action = Exclude<Step, { kind: AttemptKind }>

function acceptAction(model: Model, step: Action, result: StepResult, locked: Locked): Model | null {
  switch (step.kind) {
    case 'resend':
      return acceptResend(model, step, result)
    case 're-export':
      return acceptReExport(model, step, result)
    case 'cancel':
      return acceptCancel(model, step, result)
    case 'erase':
      return acceptErase(model, step, result)
    case 'prune':
      return acceptPrune(model, locked.deliveries, locked.unchanged)
    case 'pause destination':
      return acceptDestination(model, true, result)
    case 'resume destination':
      return acceptDestination(model, false, result)
    case 'start operation':
    case 'feed':
    case 'pause operation':
    case 'resume operation':
    case 'cancel operation':
      return acceptOperation(model, step, result, locked)
  }
}

type OperationStep = Extract<
  Step,
  { kind: 'start operation' | 'feed' | 'pause operation' | 'resume operation' | 'cancel operation' }
>

function acceptOperation(
  model: Model,
  step: OperationStep,
  result: StepResult,
  locked: Locked,
): Model | null {
  switch (step.kind) {
    case 'start operation':
      return acceptStart(model, step, result)
    case 'feed':
      return acceptFeed(model, step, result, locked.deliveries, locked.unchanged)
    case 'pause operation':
      return acceptPause(model, step, result)
    case 'resume operation':
      return acceptResume(model, step, result)
    case 'cancel operation':
      return acceptCancelOperation(model, step, result)
  }
}
