export type {
  AccessTokenCredentials,
  Credentials,
  JwtBearerCredentials,
  OAuthCredentials,
} from './credentials.ts'
export { createHubspotProperties } from './hubspot/hubspot-properties.ts'
export { collidesWithCredentials, readCredentials } from './read-credentials.ts'
export {
  defaultWebhookType,
  destinationOf,
  destinationTypes,
  traitsOf,
  typesWith,
  webhookTypes,
  type WebhookType,
} from './registry.ts'
export {
  assertionSeconds,
  audienceOf,
  readAccess,
  tokenRequestBody,
  tokenUrlOf,
} from './salesforce/salesforce-access.ts'
export {
  customHeadersProblem,
  activeSigningSecrets,
  droppedSecrets,
  moveSecrets,
  rotateSigningSecret,
  type DestinationSecrets,
  type DestinationState,
  type WriteOnlyParts,
} from './saved-destination.ts'
export { mappingProblems, optionsProblem, receiverProblem, receiverWarnings } from './check-destination.ts'
export type { Destination, RequestVariant } from './destination.ts'
export type { DestinationOptions } from './destination-options.ts'
export type { Mapping } from './mapping/index.ts'
export { responsibleFor } from './responsible.ts'
export { limitsEachWebhook, limitOfHost } from './webhook-limits.ts'
export { joinWords } from '../text/join-words.ts'
