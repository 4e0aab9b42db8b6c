import { isString, itemsOf, jsonOf, member } from '../../text/response-json.ts'
import { textValue } from '../../text/profile-json.ts'
import type { HttpResponse } from '../../deliver/outcome.ts'
import type { VisitorProfile } from '../../visitors/visitor-profile.ts'
import type { BuildOptions } from '../destination.ts'
import {
  keepsDocumented,
  kindOfPath,
  mappedRecord,
  type MappedField,
  type Mapping,
  type MappingProblem,
} from '../mapping/index.ts'
import { externalId } from './lead-request.ts'
import { salesforceTraits } from './salesforce-traits.ts'

/** The body that a mapping describes: numbers and booleans as such, null for an unknown value. */
export function mappedLead(
  profile: VisitorProfile,
  options: BuildOptions,
  mapping: Mapping,
  documented: object,
): object {
  const base = keepsDocumented(mapping, salesforceTraits.mapping)
    ? documented
    : { [externalId]: textValue(profile.ghostVid) }
  return { ...base, ...mappedRecord(mapping, profile, options) }
}

/** What is wrong with a mapping, from the description of the Lead's fields; nothing when it is unreadable. */
export function leadMappingProblems(response: HttpResponse, { fields = [] }: Mapping): MappingProblem[] {
  const described = itemsOf(member(jsonOf(response), 'fields'))
  if (response.status !== 200 || described.length === 0) return []
  return fields.flatMap((field, index) => {
    const found = described.find((one) => member(one, 'name') === field.to)
    const problem = found === undefined ? 'a Lead field that the user may see' : problemWith(found, field)
    if (problem === null) return []
    const name = problem.startsWith('one of') || problem.startsWith('at most') ? 'value' : 'to'
    return [{ field: `mapping.fields.${index}.${name}`, expected: problem }]
  })
}

const numberTypes: ReadonlySet<unknown> = new Set(['double', 'int', 'currency', 'percent', 'long'])
const valuesShownMax = 20

function problemWith(described: unknown, field: MappedField): string | null {
  const right = field.when === 'create' ? 'createable' : 'updateable'
  if (member(described, right) === false) return `a field that the user may write: this one is not ${right}`
  const constants = [field.value, field.default].filter((value) => value !== undefined)
  const type = member(described, 'type')
  const sent = field.join === undefined ? kindOfPath(field.from ?? '') : 'text'
  if (numberTypes.has(type)) {
    const isText = sent === 'text' || sent === 'time' || constants.some((value) => typeof value !== 'number')
    return isText && !isUnixTime(field) ? 'a text field: this one is a number' : null
  }
  if (type === 'boolean')
    return sent === 'text' || sent === 'number' || constants.some((value) => typeof value !== 'boolean')
      ? 'a text or number field: this one is a checkbox'
      : null
  if (sent === 'number' || constants.some((value) => typeof value !== 'string'))
    return 'a number field: to write a number as text, use join with one path, or a constant text'
  return textProblem(described, constants.map(String))
}

function isUnixTime({ date }: MappedField): boolean {
  return date === 'unix' || date === 'unix_ms'
}

function textProblem(described: unknown, constants: readonly string[]): string | null {
  const length = member(described, 'length')
  if (typeof length === 'number' && length > 0 && constants.some((value) => value.length > length))
    return `at most ${length} characters`
  const values = itemsOf(member(described, 'picklistValues'))
    .filter((entry) => member(entry, 'active') !== false)
    .map((entry) => member(entry, 'value'))
    .filter(isString)
  const isRestricted = member(described, 'restrictedPicklist') === true && values.length > 0
  return isRestricted && constants.some((value) => !values.includes(value))
    ? `one of ${values.slice(0, valuesShownMax).join(', ')}`
    : null
}
