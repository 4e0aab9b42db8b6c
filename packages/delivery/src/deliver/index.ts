export {
  acceptDelivery,
  type AcceptPorts,
  type ExportRequest,
  type Refused,
  type SettlementExpectation,
} from './accept-delivery.ts'
export type { Access, AccessRequest, Authorize } from './access.ts'
export { attemptDelivery, type AttemptPorts, type AttemptSettings } from './attempt-delivery.ts'
export {
  attemptWithinBudget,
  useOf,
  type BudgetPorts,
  type BudgetedResult,
  type DueDelivery,
} from './attempt-within-budget.ts'
export {
  deliveryStates,
  isFinished,
  laneOf,
  lanes,
  legalMoves,
  type DeliveryState,
  type Lane,
  type Settlement,
} from './delivery.ts'
export { explainWait, type WaitingDelivery } from './explain-wait.ts'
export type { Answered, Outcome, ProxyFailureCode } from './outcome.ts'
export type {
  AttemptRecord,
  Claim,
  ClaimDelivery,
  ClaimResult,
  ClaimTarget,
  Enqueue,
  ExchangeTimings,
  ExchangeTrace,
  IdempotencyClaim,
  KeepPayload,
  NewDelivery,
  OutboundRequest,
  RecordAttempt,
  RetryBecause,
  Saved,
  SendRequest,
  Sent,
  Signing,
} from './ports.ts'
export { defaultRetryScheduleMs } from './retry-schedule.ts'
export { judge, type Finding, type Verdict } from './verdict.ts'
