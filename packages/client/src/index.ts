export type { AccountView, AccountWithLink, SignInOptions } from '@ghostpost/delivery/contract/accounts'
export type { AlertRuleBody, AlertRuleView } from '@ghostpost/delivery/contract/alerts'
export type { ApiKeyView } from '@ghostpost/delivery/contract/api-keys'
export type { AttemptView, DeliveryView } from '@ghostpost/delivery/contract/delivery'
export type {
  DeliveryExplanation,
  ManualActionResult,
  DeliverySummary,
} from '@ghostpost/delivery/contract/delivery-log'
export type { DestinationChanges, DestinationView } from '@ghostpost/delivery/contract/destination'
export type { DestinationPreview } from '@ghostpost/delivery/contract/mapping'
export type { FailureGroup } from '@ghostpost/delivery/contract/failures'
export type {
  OperationItem,
  OperationView,
  PlanBody,
  PlanView,
} from '@ghostpost/delivery/contract/operations'
export type { OwnSession, SessionView } from '@ghostpost/delivery/contract/session'
export {
  credentialForms,
  defaultWebhookType,
  destinationTraits,
  fieldPolicies,
  webhookTypes,
  type CredentialField,
  type CredentialKind,
  type PreviewTraits,
  type WebhookType,
} from '@ghostpost/delivery/contract/destination-types'
export { deliveryFilters } from '@ghostpost/delivery/contract/delivery-filters'
export { passwordLengthMin } from '@ghostpost/delivery/contract/password-length'
export { createClient, type Client, type ClientOptions } from './create-client.ts'
export type { paths } from './generated/paths.ts'
export { everyItem, everyPage, type Page } from './every-page.ts'
export { liveEvents, type LiveEvent } from './live-events.ts'
export { ApiProblem, ApiUnreachable, orThrow, type ApiResult } from './problem.ts'
export { signIn, type SignInResult } from './sign-in.ts'
