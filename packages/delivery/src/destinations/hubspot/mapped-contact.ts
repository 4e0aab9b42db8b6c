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
import { idProperty } from './contact-request.ts'
import { hubspotTraits } from './hubspot-traits.ts'

/** The body that a mapping describes. As in the documented one, every value is a text, empty when it is unknown. */
export function mappedContact(
  profile: VisitorProfile,
  options: BuildOptions,
  mapping: Mapping,
  documented: object,
): object {
  const base = keepsDocumented(mapping, hubspotTraits.mapping)
    ? (documented as { properties: object }).properties
    : { [idProperty]: textValue(profile.ghostVid) }
  const mapped = Object.entries(mappedRecord(mapping, profile, options)).map(([name, value]) => [
    name,
    value === null ? '' : String(value),
  ])
  return { properties: { ...base, ...Object.fromEntries(mapped) } }
}

/** What is wrong with a mapping, from the list of the account's contact properties; nothing when it is unreadable. */
export function contactMappingProblems(response: HttpResponse, { fields = [] }: Mapping): MappingProblem[] {
  const properties = itemsOf(member(jsonOf(response), 'results'))
  if (response.status !== 200 || properties.length === 0) return []
  return fields.flatMap((field, index) => {
    const property = properties.find((one) => member(one, 'name') === field.to)
    const problem = property === undefined ? 'an existing contact property' : problemWith(property, field)
    if (problem === null) return []
    const name = problem.startsWith('one of') ? 'value' : 'to'
    return [{ field: `mapping.fields.${index}.${name}`, expected: problem }]
  })
}

const optionsShownMax = 20

function problemWith(property: unknown, field: MappedField): string | null {
  const isReadOnly = member(member(property, 'modificationMetadata'), 'readOnlyValue') === true
  if (isReadOnly || member(property, 'calculated') === true)
    return 'a property that may be written: this one is read-only'
  const options = itemsOf(member(property, 'options'))
    .map((option) => member(option, 'value'))
    .filter(isString)
  const constants = [field.value, field.default].filter((value) => value !== undefined).map(String)
  const type = member(property, 'type')
  if (type === 'enumeration' && options.length > 0 && constants.some((value) => !options.includes(value)))
    return `one of ${options.slice(0, optionsShownMax).join(', ')}`
  const isText = field.from !== undefined && kindOfPath(field.from) === 'text'
  const isNumberText = constants.every((value) => value.trim() !== '' && Number.isFinite(Number(value)))
  return type === 'number' && (isText || !isNumberText) ? 'a text property: this one is a number' : null
}
