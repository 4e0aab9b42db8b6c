import type { FieldPolicy } from '../destination-options.ts'

/** How a time is written. `iso`: 2026-03-10T17:14:22.000Z; `date`: 2026-03-10; `unix`: seconds; `unix_ms`. */
export const dateForms = ['iso', 'date', 'unix', 'unix_ms'] as const

type DateForm = (typeof dateForms)[number]

/** The languages of the words that Ghostpost adds to a message. */
export const messageLanguages = ['en', 'de', 'fr', 'es'] as const

export type MessageLanguage = (typeof messageLanguages)[number]

export type Scalar = string | number | boolean

/** One value of a payload, and where it goes. It has exactly one of `from`, `join` and `value`. Spelt as in the API. */
export interface MappedField {
  /** The receiver's name of the field; the label in a message, where it may be absent. */
  to?: string
  /** A path of the profile. */
  from?: string
  /** Paths whose known values are joined to one text. */
  join?: string[]
  /** Between the joined values; a space unless given. */
  separator?: string
  /** A constant. */
  value?: Scalar
  /** Write a text in lower case. */
  lower?: boolean
  date?: DateForm
  /** In place of an unknown value. */
  default?: Scalar
  /** In CRM mode: when the field is written. */
  when?: FieldPolicy
}

/** Which fields of the profile a saved destination sends, under which names. Spelt as in the API. */
export interface Mapping {
  fields?: MappedField[]
  /** Send the documented fields, too. By default a CRM gets them, and other receivers do not. */
  documented_fields?: boolean
  /** The title of a message. */
  title?: string
  language?: MessageLanguage
  /** Add a link to the profile to a message. */
  profile_link?: boolean
}

/** What a mapping of a destination type may contain. Plain JSON, as all traits. */
export interface MappingTraits {
  /** `record`: the fields of a CRM. `object`: the keys of a JSON object. `message`: the fields of a chat message. */
  kind: 'record' | 'object' | 'message'
  /** The pattern of a name or label in `to`. */
  names: string
  /** What the API expects as name, as the end of a sentence. */
  namesHelp: string
  /** Names that a mapping may not set. */
  reserved: readonly string[]
  fieldsMax: number
  /** The most characters of a message's title. */
  titleMax?: number
}

/** Whether a mapping keeps the documented fields of its type. */
export function keepsDocumented(mapping: Mapping, { kind }: MappingTraits): boolean {
  return mapping.documented_fields ?? kind === 'record'
}
