import { lineOf } from '../../text/clip-text.ts'
import { textValue, timeValue } from '../../text/profile-json.ts'
import type { VisitorProfile } from '../../visitors/visitor-profile.ts'
import type { BuildOptions } from '../destination.ts'
import type { MappedField, Scalar } from './mapping.ts'
import { kindOfPath, valueAt } from './profile-paths.ts'

/** The value of a mapped field as JSON; null when it is unknown. Texts are clipped as in every payload. */
export function mappedJson(field: MappedField, profile: VisitorProfile, options: BuildOptions): unknown {
  const isList = field.from !== undefined && kindOfPath(field.from) === 'list'
  if (isList) return valueAt(field.from ?? '', profile, options) ?? field.default ?? null
  const value = field.from === undefined ? undefined : valueAt(field.from, profile, options)
  const isStructure = typeof value === 'object' && value !== null && !(value instanceof Date)
  return isStructure && field.date === undefined ? value : mappedScalar(field, profile, options)
}

/** The value of a mapped field as a text, a number or a boolean; null when it is unknown. */
export function mappedScalar(
  field: MappedField,
  profile: VisitorProfile,
  options: BuildOptions,
): Scalar | null {
  const value = sourceOf(field, profile, options)
  const dated = field.date === undefined ? scalarOf(value) : dateOf(value, field.date)
  const cased = field.lower === true && typeof dated === 'string' ? dated.toLowerCase() : dated
  const clipped = typeof cased === 'string' ? textValue(cased) : cased
  return isUnknown(clipped) ? (field.default ?? null) : clipped
}

function sourceOf(field: MappedField, profile: VisitorProfile, options: BuildOptions): unknown {
  const { value, from, join, separator = ' ' } = field
  if (value !== undefined) return value
  if (from !== undefined) return valueAt(from, profile, options)
  const parts = (join ?? []).map((path) => scalarOf(valueAt(path, profile, options)))
  return parts.filter((part) => !isUnknown(part)).join(separator)
}

function isUnknown(value: Scalar | null): value is null {
  return value === null || (typeof value === 'string' && lineOf(value) === null)
}

/** A list of scalars becomes one text. Other structures are unknown. */
function scalarOf(value: unknown): Scalar | null {
  if (value instanceof Date) return timeValue(value)
  if (Array.isArray(value)) {
    const parts = value.filter((item) => isScalar(item))
    return parts.length === 0 ? null : parts.join(', ')
  }
  return isScalar(value) ? value : null
}

function isScalar(value: unknown): value is Scalar {
  return ['string', 'number', 'boolean'].includes(typeof value)
}

/** A text that begins with a date is one of a time. */
const datedText = /^\d{4}-\d\d-\d\d/

function dateOf(value: unknown, form: NonNullable<MappedField['date']>): Scalar | null {
  const date = value instanceof Date ? value : new Date(isDated(value) ? value : Number.NaN)
  const iso = timeValue(date)
  if (iso === null) return null
  if (form === 'date') return iso.slice(0, iso.indexOf('T'))
  if (form === 'unix') return Math.floor(date.getTime() / 1_000)
  return form === 'unix_ms' ? date.getTime() : iso
}

function isDated(value: unknown): value is string {
  return typeof value === 'string' && datedText.test(value)
}
