import type { MappedField, Mapping, MappingTraits } from './mapping.ts'
import { kindOfPath, profilePaths } from './profile-paths.ts'

/** A part of a mapping that is wrong, and what the API expects in its place. */
export interface MappingProblem {
  field: string
  expected: string
}

/** What is wrong with a mapping of a type, as far as the mapping alone says; empty when nothing is. */
export function problemsOfMapping(
  mapping: Mapping,
  traits: MappingTraits,
  hasCredentials: boolean,
): MappingProblem[] {
  const fields = mapping.fields ?? []
  if (fields.length > traits.fieldsMax)
    return [{ field: 'mapping.fields', expected: `at most ${traits.fieldsMax} fields` }]
  return [
    ...settingProblems(mapping, traits),
    ...fields.flatMap((field, index) =>
      problemsOf(field, traits, hasCredentials).map(({ field: name, expected }) => ({
        field: `mapping.fields.${index}.${name}`,
        expected,
      })),
    ),
    ...repeatedNames(fields),
  ]
}

const messageSettings = ['title', 'language', 'profile_link'] as const

function settingProblems(mapping: Mapping, { kind, titleMax = 0 }: MappingTraits): MappingProblem[] {
  if (kind === 'message') {
    const isLong = (mapping.title ?? '').length > titleMax
    return [
      ...(isLong ? [{ field: 'mapping.title', expected: `at most ${titleMax} characters` }] : []),
      ...(mapping.documented_fields === undefined
        ? []
        : [{ field: 'mapping.documented_fields', expected: 'no such setting for a message' }]),
    ]
  }
  const given = messageSettings.filter((name) => mapping[name] !== undefined)
  return given.map((name) => ({ field: `mapping.${name}`, expected: 'no such setting: this is no message' }))
}

function problemsOf(field: MappedField, traits: MappingTraits, hasCredentials: boolean): MappingProblem[] {
  return [
    ...nameProblems(field, traits),
    ...sourceProblems(field, traits),
    ...transformProblems(field),
    ...(field.when !== undefined && (traits.kind !== 'record' || !hasCredentials)
      ? [{ field: 'when', expected: 'no such setting without a CRM and its credentials' }]
      : []),
  ]
}

function nameProblems({ to }: MappedField, traits: MappingTraits): MappingProblem[] {
  if (to === undefined) return traits.kind === 'message' ? [] : [{ field: 'to', expected: traits.namesHelp }]
  if (!new RegExp(traits.names, 'u').test(to)) return [{ field: 'to', expected: traits.namesHelp }]
  const isReserved = to.split('.').some((name) => traits.reserved.includes(name))
  return isReserved ? [{ field: 'to', expected: `another name: Ghostpost sets ${to} itself` }] : []
}

function sourceProblems(field: MappedField, { kind }: MappingTraits): MappingProblem[] {
  const sources = [field.from, field.join, field.value].filter((source) => source !== undefined)
  if (sources.length !== 1) return [{ field: 'from', expected: 'exactly one of from, join and value' }]
  const problems = [field.from ?? [], field.join ?? []].flat().flatMap((path) => {
    const pathKind = kindOfPath(path)
    const name = field.from === undefined ? 'join' : 'from'
    if (pathKind === null)
      return [{ field: name, expected: `one of ${profilePaths.join(', ')}, traits.<name>` }]
    const isMisplaced = pathKind === 'list' && (kind !== 'object' || field.join !== undefined)
    return isMisplaced
      ? [{ field: name, expected: `no list: ${path} can only be a key of a JSON object` }]
      : []
  })
  return problems.slice(0, 1)
}

function transformProblems(field: MappedField): MappingProblem[] {
  const { from, join, value, date, lower } = field
  const kind = from === undefined ? null : kindOfPath(from)
  const problems: MappingProblem[] = []
  if (field.separator !== undefined && join === undefined)
    problems.push({ field: 'separator', expected: 'no separator without join' })
  if (date !== undefined && kind !== 'time' && kind !== 'any')
    problems.push({ field: 'date', expected: 'no date: this is no time' })
  if (lower === true && (value !== undefined || kind === 'number' || kind === 'time' || kind === 'list'))
    problems.push({ field: 'lower', expected: 'no lower: this is no text of the visitor' })
  if (field.default !== undefined && value !== undefined)
    problems.push({ field: 'default', expected: 'no default beside value' })
  return problems
}

/** Each name once, and none inside another. */
function repeatedNames(fields: readonly MappedField[]): MappingProblem[] {
  const names = fields.map(({ to }) => to)
  return names.flatMap((to, index) => {
    if (to === undefined) return []
    const clash = names.slice(0, index).find((other) => other !== undefined && clashes(other, to))
    return clash === undefined
      ? []
      : [{ field: `mapping.fields.${index}.to`, expected: `another name: ${clash} is mapped already` }]
  })
}

function clashes(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}.`) || other.startsWith(`${one}.`)
}
