export {
  collidesWithCredentials,
  readCredentials,
  type Credentials,
  type JwtBearerCredentials,
  type OAuthCredentials,
} from './credentials.ts'
export { webhookTypes, type WebhookType } from './webhook-types.ts'
export { destinationOf } from './destinations.ts'
export { createHubspotProperties } from './hubspot/hubspot-properties.ts'
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
  rotateSigningSecret,
  type DestinationSecrets,
  type DestinationState,
} from './saved-destination.ts'
