import type { OAuthCredentials } from './credentials.ts'
import type { HttpResponse } from '../deliver/outcome.ts'
import type { Verdict } from '../deliver/verdict.ts'
import type { VisitorProfile } from '../visitors/visitor-profile.ts'
import type { WebhookType } from './webhook-types.ts'

export interface BuildOptions {
  includeJourney: boolean
  includeEvents: boolean
  exportedAt: Date
  /** Base of the links, without a slash at its end. */
  publicUrl: string
  receiverUrl: URL
}

/** A request's parts that a destination decides on. Without a method it is a POST, without a body the payload. */
export interface PreparedRequest {
  url: URL
  headers: Readonly<Record<string, string>>
  method?: 'POST' | 'PATCH'
  body?: string
}

/** One of the forms the same request can have. */
export interface RequestVariant {
  method?: 'POST' | 'PATCH'
  url: URL
  body: string
}

/** How one kind of destination wants a visitor's profile, and what its answers mean. */
export interface Destination {
  readonly type: WebhookType
  /** The destination recognises or absorbs a repeat; where it does not, a repeat is seen twice by people. */
  readonly repeatable: boolean
  /** Send Standard Webhooks' id and timestamp; the named services have no use for them. */
  readonly sendsWebhookId: boolean
  /** The body as a JSON value. Never fails on any visitor data: it cuts and escapes. */
  buildBody: (profile: VisitorProfile, options: BuildOptions) => object
  /**
   * What this destination needs beside the body: URL parameters, extra headers (lower-case names).
   * `userAgent` is ours, as in `Ghostpost/1.2.3 (+https://…)`, for those that want it in a form of their own. A CRM
   * mode makes its request of the payload, which is the same in both modes.
   */
  prepareRequest: (url: URL, userAgent?: string, payload?: string) => PreparedRequest
  /** What an answer means: by status, and where the destination says more than that, by body. */
  judgeResponse: (response: HttpResponse, now: Date) => Verdict
  /** How to get the access token the request needs; absent where it needs none. */
  readonly access?: { credentials: OAuthCredentials; isRefused: (response: HttpResponse) => boolean }
  /**
   * Another form of the same request, to be sent at once, where an answer says that this one cannot be taken but
   * another could; null when the answer stands. Each form must be one that leads to fewer, so that this ends.
   */
  nextVariant?: (request: RequestVariant, response: HttpResponse) => RequestVariant | null
}
