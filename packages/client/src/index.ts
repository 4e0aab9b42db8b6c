export type {
  AlertRuleBody,
  AlertRuleView,
  AttemptView,
  DeliveryExplanation,
  DeliveryMade,
  DeliverySummary,
  DeliveryView,
  DestinationView,
  FailureGroup,
  OperationItem,
  OperationView,
  PlanBody,
  PlanView,
  SessionView,
} from '@ghostpost/delivery/contract'
export { createClient, type Client, type ClientOptions } from './create-client.ts'
export type { paths } from './generated/paths.ts'
export { everyItem, everyPage, type Page } from './every-page.ts'
export { liveEvents, type LiveEvent } from './live-events.ts'
export { ApiProblem, ApiUnreachable, orThrow, type Answer } from './problem.ts'
export { signIn, type SignedIn } from './sign-in.ts'
