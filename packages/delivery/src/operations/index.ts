export { reExportRefusal, resendRefusal, type ReplayableDelivery, type ReplayRefusal } from './may-resend.ts'
export { feedOperation } from './feed-operation.ts'
export { countsOf, progressOf, secondsLeft, type OperationProgress } from './operation-progress.ts'
export { planLifetimeMs, planOperation, type OperationPlan, type PlanRequest } from './plan-operation.ts'
export type {
  CanaryCounts,
  CanaryVerdict,
  FeedingOperation,
  FeedPorts,
  FeedProgress,
  MemberGroup,
  MemberPage,
  NewPlan,
  OperationKind,
  OperationMember,
  PlanPorts,
  SelectedMembers,
  SkipCount,
  StartedCounts,
} from './ports.ts'
export { timeToDrain, type DrainEstimate } from './time-to-drain.ts'
