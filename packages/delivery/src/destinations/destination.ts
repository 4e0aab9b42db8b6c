import type { HttpResponse } from '../deliver/outcome.ts'
import type { RecordReference, Verdict } from '../deliver/verdict.ts'
import type { VisitorProfile } from '../visitors/visitor-profile.ts'
import type { Credentials, OAuthCredentials } from './credentials.ts'
import type { DestinationOptions, FieldPolicy } from './destination-options.ts'
import type { Mapping } from './mapping/mapping.ts'
import type { DestinationTraits } from './traits.ts'

export interface BuildOptions {
  includeJourney: boolean
  includeEvents: boolean
  exportedAt: Date
  /** Base URL of links, without a slash at its end. */
  publicUrl: string
  receiverUrl: URL
}

export type RequestMethod = 'GET' | 'POST' | 'PATCH'

/** The parts of a request that a destination sets. The method defaults to POST, the body to the payload. */
export interface PreparedRequest {
  url: URL
  headers: Readonly<Record<string, string>>
  method?: RequestMethod
  body?: string
  step?: string
}

/** A field that an attempt left out, because the receiver refused its value. */
export interface OmittedField {
  /** The receiver's name of the field. */
  field: string
  /** The receiver's error code. */
  code: string
}

/** One form of a request that can be sent in several forms, or one step of an exchange of several requests. */
export interface RequestVariant {
  method?: RequestMethod
  url: URL
  body: string
  omitted?: readonly OmittedField[]
  /** Distinguishes the steps of an exchange; a word of the destination's own. */
  step?: string
  /**
   * Its response does not decide the verdict: it reads what the next request needs, or adds to a record that is already
   * written.
   */
  isAside?: boolean
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
  /**
   * Reads a response: by its status, and by its body where the tool says more there.
   * @param requestUrl the URL of the request; a response may depend on the version of the API in its path
   */
  judgeResponse: (response: HttpResponse, now: Date, requestUrl?: URL) => Verdict
  /** How to get the access token that requests need; absent when they need none. */
  readonly access?: { credentials: OAuthCredentials; isRefused: (response: HttpResponse) => boolean }
  /**
   * The request to send next in the same attempt: another form, when the response says that the receiver could accept
   * that form, or the next step; null to keep the response. There must be no cycle, so that the attempt ends.
   * @param payload the stored payload, which may have more fields than the request
   * @param earlier the record that an earlier export of the visitor wrote; null when none is known
   */
  nextVariant?: (
    request: RequestVariant,
    response: HttpResponse,
    payload: string,
    earlier?: RecordReference | null,
  ) => RequestVariant | null
  readonly setup?: DestinationSetup
  /** How to read the record of a visitor before an export writes it; absent for destinations without records. */
  readonly record?: RecordAccess
  /** How long other requests should wait because the tool's limit is nearly used up, in milliseconds; 0 for not. */
  pauseAfter?: (response: HttpResponse) => number
}

/** Reads the fields of a CRM. */
interface DestinationSetup {
  url: (webhookUrl: URL) => URL
  /** Which fields will not work, one sentence each. */
  problemsIn: (response: HttpResponse) => string[]
  /** What is wrong with a mapping in this CRM. */
  mappingProblemsIn: (response: HttpResponse, mapping: Mapping) => { field: string; expected: string }[]
}

/** A record as the CRM has it. */
export interface CurrentRecord {
  reference: RecordReference
  values: Readonly<Record<string, unknown>>
  /** It was converted into this record, which is updated in its place. */
  convertedTo?: { url: URL }
  /** An object of another type than a new record: it gets only the values of every export, in fields that it has. */
  isOther?: boolean
  /** An export of it is skipped. */
  isSkipped?: boolean
}

/** A value that an export writes. */
export interface PlannedValue {
  field: string
  value: unknown
  when: FieldPolicy
  /** A value of ours that counts as empty. */
  placeholder?: string
}

/** Reads the record of a visitor. Writes nothing. */
export interface RecordAccess {
  /** The reads that find the record, in order. */
  reads: (webhookUrl: URL, payload: string) => URL[]
  /** The record in a response; null when there is none. */
  find: (response: HttpResponse, requestUrl: URL) => CurrentRecord | null
  planned: (payload: string) => PlannedValue[]
  /** What a new record gets besides. */
  placeholders: (payload: string) => Readonly<Record<string, unknown>>
}

/** A message as people read it. */
export interface RenderedMessage {
  title: string
  text: string
  fields: readonly { label: string; value: string }[]
  /** The address of its link; null without one. */
  link: string | null
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

/** How a destination is saved, besides its URL. */
export interface SavedAs {
  options: DestinationOptions
  hasCredentials: boolean
}

export type UrlProblem = { expected: string } | { warning: string }

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
  withCredentials?: (credentials: Credentials, options?: DestinationOptions) => Destination
  /**
   * The payload that a mapping describes; absent for types without mappings. Never throws, as `buildBody`.
   * @param documented the payload without a mapping
   */
  mapBody?: (profile: VisitorProfile, options: BuildOptions, mapping: Mapping, documented: object) => object
  /** Reads a payload as the tool shows it; null for types whose payload is no message. Absent as null. */
  renderMessage?: (payload: string) => RenderedMessage | null
  /** The payload of an alert; absent for types that take the generic JSON payload, or no alerts. */
  buildAlert?: (alert: AlertText, at: Date) => object
  /**
   * What is wrong with the URL of a saved destination; null when nothing is. `expected`: the URL can be no webhook of
   * the tool, and the text says what is expected. `warning`: the URL may be wrong.
   */
  checkUrl?: (url: URL, saved: SavedAs) => UrlProblem | null
  /** Absent for types without a response of their own. The demo's receiver sends it. */
  readonly sampleResponse?: SampleResponse
}
