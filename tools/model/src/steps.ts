import type { Worker } from './model.ts'

/** One step of a history. Deliveries, claims and operations are named by their index in the model. */
export type Step =
  | { kind: 'save'; visitor: number; toSavedDestination: boolean; key: string | null }
  | { kind: 'claim'; delivery: number; worker: Worker }
  | { kind: 'store payload'; claim: number }
  | { kind: 'record'; claim: number; end: AttemptEnd }
  | { kind: 'release'; claim: number }
  | { kind: 'record interruption'; claim: number; end: Exclude<AttemptEnd, { to: 'delivered' }> }
  /** The worker is dead: its claims expire at once. */
  | { kind: 'expire claims'; worker: Worker }
  | { kind: 'sweep' }
  | { kind: 'resend'; delivery: number }
  | { kind: 're-export'; delivery: number }
  | { kind: 'cancel'; delivery: number }
  | { kind: 'erase'; visitor: number }
  | { kind: 'prune' }
  | { kind: 'pause destination' }
  | { kind: 'resume destination' }
  | { kind: 'start operation'; of: 'resend' | 're_export'; members: readonly number[] }
  | { kind: 'feed'; operation: number }
  | { kind: 'pause operation'; operation: number }
  | { kind: 'resume operation'; operation: number }
  | { kind: 'cancel operation'; operation: number }
  | { kind: 'pass'; days: number }

/** How an attempt ends. `retry` waits so many days; `unknown` means that no response arrived. */
export type AttemptEnd =
  | { to: 'delivered' }
  | { to: 'failed'; unknown: boolean }
  | { to: 'retrying'; days: number; unknown: boolean }

/** What the caller of a step got back. Deliveries and operations have the index that they have in the model. */
export type StepResult =
  | { kind: 'done' }
  | { kind: 'refused' }
  | { kind: 'saved'; delivery: number }
  | { kind: 'already saved'; delivery: number }
  | { kind: 'conflict' }
  | { kind: 'no visitor' }
  | { kind: 'claimed'; attemptNumber: number; mayBeRepeat: boolean; payload: string | null }
  /** First the attempt of these expired claims is to be recorded. */
  | { kind: 'interrupted'; claims: readonly number[] }
  | { kind: 'wait' }
  | { kind: 'nothing to do' }
  | { kind: 'stored'; body: string }
  | { kind: 'due'; deliveries: readonly number[] }
  | { kind: 'erased'; deliveries: number; cancelled: number; inFlight: number }

/** Two steps at the same time, about one delivery whose row a third transaction has locked until both have begun. */
export interface Race {
  kind: 'race'
  delivery: number
  first: Step
  second: Step
}

export function describeStep(step: Step | Race): string {
  if (step.kind === 'race') {
    return `at once on delivery ${step.delivery}: [${describeStep(step.first)}] and [${describeStep(step.second)}]`
  }
  const { kind, ...rest } = step
  const details = Object.entries(rest).map(([name, value]) => `${name} ${JSON.stringify(value)}`)
  return [kind, ...details].join(' ')
}
