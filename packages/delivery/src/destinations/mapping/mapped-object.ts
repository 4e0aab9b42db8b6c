import type { VisitorProfile } from '../../visitors/visitor-profile.ts'
import type { BuildOptions } from '../destination.ts'
import { mappedJson, mappedScalar } from './mapped-value.ts'
import type { Mapping, Scalar } from './mapping.ts'

/** The mapped fields of a flat record: a text, a number, a boolean, or null for an unknown value. */
export function mappedRecord(
  { fields = [] }: Mapping,
  profile: VisitorProfile,
  options: BuildOptions,
): Record<string, Scalar | null> {
  return Object.fromEntries(fields.map((field) => [field.to ?? '', mappedScalar(field, profile, options)]))
}

type Members = Record<string, unknown>

/** The mapped fields as a JSON object. A dot in a name leads to an inner object. */
export function mappedObject(
  { fields = [] }: Mapping,
  profile: VisitorProfile,
  options: BuildOptions,
  base: object = {},
): object {
  const result: Members = { ...base }
  for (const field of fields) {
    const names = (field.to ?? '').split('.')
    const last = names.pop() ?? ''
    let inner = result
    for (const name of names) inner = innerOf(inner, name)
    inner[last] = mappedJson(field, profile, options)
  }
  return result
}

/** The inner object of this name: a copy, so that no value of the profile changes. */
function innerOf(members: Members, name: string): Members {
  const present = Object.hasOwn(members, name) ? members[name] : undefined
  const isObject = typeof present === 'object' && present !== null && !Array.isArray(present)
  const inner: Members = isObject ? { ...present } : {}
  members[name] = inner
  return inner
}
