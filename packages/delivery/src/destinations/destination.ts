import type { HttpResponse } from '../deliver/outcome.ts'
import type { Verdict } from '../deliver/verdict.ts'
import type { VisitorProfile } from '../visitors/visitor-profile.ts'
import type { Credentials, OAuthCredentials } from './credentials.ts'
import type { DestinationTraits } from './traits.ts'

export interface BuildOptions {
  includeJourney: boolean
  includeEvents: boolean
  exportedAt: Date
  /** Base URL of links, without a slash at its end. */
  publicUrl: string
  receiverUrl: URL
}

/** The parts of a request that a destination sets. The method defaults to POST, the body to the payload. */
export interface PreparedRequest {
  url: URL
  headers: Readonly<Record<string, string>>
  method?: 'POST' | 'PATCH'
  body?: string
}

/** One form of a request that can be sent in several forms. */
export interface RequestVariant {
  method?: 'POST' | 'PATCH'
  url: URL
  body: string
}

/** How to send a visitor's profile to a destination in one mode, and how to read its responses. */
export interface Destination {
  readonly traits: DestinationTraits
  /** The body as a JSON value. Never throws, whatever the visitor's data: it clips and escapes. */
  buildBody: (profile: VisitorProfile, options: BuildOptions) => object
  /**
   * URL parameters, extra headers (lower-case names), and in CRM mode method and body, which are made from the payload.
   * @param userAgent the User-Agent of this installation, as in `Ghostpost/1.2.3 (+https://…)`
   */
  prepareRequest: (url: URL, userAgent?: string, payload?: string) => PreparedRequest
  /** Reads a response: by its status, and by its body where the tool says more there. */
  judgeResponse: (response: HttpResponse, now: Date) => Verdict
  /** How to get the access token that requests need; absent when they need none. */
  readonly access?: { credentials: OAuthCredentials; isRefused: (response: HttpResponse) => boolean }
  /**
   * Another form of the request, to send at once, when the response says that the receiver could accept that form; null
   * to keep the response. The forms must form no cycle, so that the attempt ends.
   */
  nextVariant?: (request: RequestVariant, response: HttpResponse) => RequestVariant | null
}

/** An alert as text that a destination formats. */
export interface AlertText {
  phase: 'firing' | 'resolved' | 'test'
  headline: string
  summary: string
  /** One sentence per cause. */
  causes: readonly string[]
  link: string
  siteName: string
}

/** A response by which the tool accepts a webhook. */
interface SampleResponse {
  status: number
  contentType: string
  body: string
}

/** Everything that one destination type consists of. The registry lists one such record per type. */
export interface DestinationType {
  readonly traits: DestinationTraits
  /** Every cause that this type adds to the general ones. Its page in docs/destinations explains each. */
  readonly causes: readonly string[]
  /** The destination without credentials. */
  readonly plain: Destination
  /** The destination in CRM mode; absent for types without one. */
  withCredentials?: (credentials: Credentials) => Destination
  /** The payload of an alert; absent for types that take the generic JSON payload, or no alerts. */
  buildAlert?: (alert: AlertText, at: Date) => object
  /** Absent for types without a response of their own. The demo's receiver sends it. */
  readonly sampleResponse?: SampleResponse
}
