import type { OAuthCredentials } from '../destinations/credentials.ts'
import type { AuthorizationFailure, ProxyFailed } from './outcome.ts'

/** Leave to write into a CRM, or why there is none. */
export type AccessResult =
  | {
      kind: 'granted'
      token: string
      /** Where the token is good for, without a slash at its end. */ origin: string
      /** How long it surely lives. */ lifetimeMs: number
    }
  | { kind: 'failed'; failure: AuthorizationFailure | ProxyFailed }

export interface AccessRequest {
  destinationId: string
  credentials: OAuthCredentials
  webhookUrl: URL
  /** The token the receiver has just refused: it is not to be given again. */
  refusedToken: string | null
  /** The most time there is, in milliseconds. */
  withinMs: number
}

/** Gets an access token, from memory where there is one. Never throws for anything a token endpoint does. */
export type Authorize = (request: AccessRequest) => Promise<AccessResult>
