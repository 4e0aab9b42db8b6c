import type { OAuthCredentials } from '../destinations/credentials.ts'
import type { AuthorizationFailure, LookupNotStarted, ProxyFailed } from './outcome.ts'

/** An access token for a CRM, or the reason why there is none. */
export type AccessResult =
  | {
      kind: 'granted'
      token: string
      /** The origin that accepts the token, without a trailing slash. */
      origin: string
      /** The least time the token is valid, in milliseconds. */
      lifetimeMs: number
    }
  | { kind: 'failed'; failure: AuthorizationFailure | ProxyFailed | LookupNotStarted }

export interface AccessRequest {
  destinationId: string
  /** The site whose share of bounded resources the call uses. */
  siteId?: number | undefined
  credentials: OAuthCredentials
  webhookUrl: URL
  /** The token that the receiver has just refused. The next one must differ from it. */
  refusedToken: string | null
  /** Upper bound for the whole call, in milliseconds. */
  withinMs: number
}

/** Returns a cached or a new access token. Never throws for a failure of the token endpoint. */
export type Authorize = (request: AccessRequest) => Promise<AccessResult>
