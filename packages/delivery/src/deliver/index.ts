export {
  acceptDelivery,
  type AcceptPorts,
  type ExportRequest,
  type AcceptRefusal,
  type SettlementSubscription,
} from './accept-delivery.ts'
export type { AccessResult, AccessRequest, Authorize } from './access.ts'
export {
  attemptDelivery,
  recordInterruption,
  type AttemptPorts,
  type AttemptSettings,
  type InterruptionPorts,
} from './attempt-delivery.ts'
export {
  attemptWithinBudget,
  budgetReportOf,
  type BudgetPorts,
  type BudgetedResult,
  type DeliveryJob,
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
export { checkMapping, checkSetup } from './check-setup.ts'
export { previewDelivery, type DeliveryPreview } from './preview-delivery.ts'
export { dueDeliveryOf, type DueDelivery, type DueDeliveryFacts, type Enqueue } from './due-delivery.ts'
export { trackFreeLocks } from './dead-workers.ts'
export { explainWait, type JobPlace, type ParkReason, type WaitingDelivery } from './explain-wait.ts'
export { judge } from './judge.ts'
export { maskOf } from './judge-masked.ts'
export type { HttpResponse, Outcome, ProxyFailureCode } from './outcome.ts'
export type {
  AttemptRecord,
  Claim,
  ClaimDelivery,
  ClaimedDelivery,
  ClaimResult,
  ClaimTarget,
  ExchangeTimings,
  ExchangeTrace,
  IdempotencyClaim,
  InterruptedClaim,
  StorePayload,
  NewDelivery,
  OutboundRequest,
  RecordAttempt,
  ReleaseClaim,
  RetryReason,
  SaveResult,
  SendRequest,
  SendResult,
  Signing,
} from './ports.ts'
export { defaultRetryScheduleMs, scheduleFor, skippedCauses } from './retry-schedule.ts'
export type { Failure, RecordReference, Verdict } from './verdict.ts'
