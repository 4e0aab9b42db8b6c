import type { CredentialKind } from './credentials.ts'
import type { FieldPolicy } from './destination-options.ts'
import type { MappingTraits } from './mapping/mapping.ts'

/** How the dashboard previews a payload. */
export type PreviewTraits =
  /** A chat message of Block Kit blocks. */
  | { kind: 'blocks' }
  /** A chat message of text and embeds. */
  | { kind: 'embeds' }
  /** A table of fields. `object` heads the table; `path` names the member that contains the fields, if not the body. */
  | { kind: 'fields'; object: string; path?: string }

/** At most `requests` requests in any `per_seconds` seconds. Spelt as in the API. */
interface SuggestedRateLimit {
  requests: number
  per_seconds: number
}

/**
 * The facts about one destination type. The API, the worker, the dashboard, the command line and the documents read
 * them here and nowhere else. Plain JSON, because the dashboard's build copies them into its bundle.
 */
export interface DestinationTraits {
  /** The name that people read. */
  label: string
  /** The receiver recognises or absorbs a repeat. Otherwise people see a repeated message twice. */
  repeatable: boolean
  /**
   * The receiver stores one record per visitor. An old snapshot would overwrite a newer one; fresh data is no
   * duplicate.
   */
  oneRecordPerVisitor: boolean
  /** People, or a program of theirs, read alerts there. */
  showsAlerts: boolean
  /** Attempts carry the id, timestamp and signatures of Standard Webhooks. */
  signed: boolean
  /** The kinds of credentials that switch CRM mode on; none for types without a CRM mode. */
  credentialKinds: readonly CredentialKind[]
  /** In CRM mode, the API can create the fields that the receiver lacks. */
  createsProperties: boolean
  /** The rate that the tool publishes, which applies unless the destination sets its own; null when it is unknown. */
  suggestedRateLimit: SuggestedRateLimit | null
  /** The hosts at which the tool's own limit applies. */
  hosts?: readonly string[]
  /** The receiver limits each webhook on its own, not all requests to its host. */
  limitedPerWebhook: boolean
  /** Causes by which the receiver says that it already has the record. */
  duplicateCauses: readonly string[]
  /** Help for the form field of the receiver's URL, one sentence. */
  urlHelp: string
  preview: PreviewTraits
  /** In CRM mode: when each field is written that people fill in too, by the CRM's name of the field. */
  fieldPolicies?: Readonly<Record<string, FieldPolicy>>
  /** In CRM mode: a record can be converted into another one, so that the option `on_converted` applies. */
  convertsRecords?: boolean
  /** Other servers accept the format of the tool, so that the option `compatible` applies. */
  hasCompatibleServers?: boolean
  /** What a mapping may contain; absent for types whose payload cannot be mapped. */
  mapping?: MappingTraits
}
