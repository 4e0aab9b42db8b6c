import type { OAuthCredentials } from '../destinations/credentials.ts'
import type { ProxyFailed } from './outcome.ts'

/** Leave to write into a CRM, or why there is none. */
export type AccessResult =
  | {
      kind: 'granted'
      token: string
      /** Where the token is good for, without a slash at its end. */ origin: string
      /** How long it surely lives. */ lifetimeMs: number
    }
  | { kind: 'failed'; failure: AuthorizationFailure | ProxyFailed }

/** Never holds what the token endpoint said in its own words: that might repeat a secret. */
export type AuthorizationFailure =
  /** It answered, and there is no token in it. `error` is OAuth's code, empty when it gave none. */
  | { kind: 'refused'; status: number; error: string; retryAfter: string | null }
  /** Its address is not one we may connect to. */
  | { kind: 'address_forbidden'; reason: string }
  /** No answer; `code` is the kind of failure. */
  | { kind: 'no_answer'; code: string }
  /** The private key cannot sign. */
  | { kind: 'key_unusable' }

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
