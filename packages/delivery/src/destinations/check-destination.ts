import type { UrlProblem } from './destination.ts'
import type { DestinationOptions } from './destination-options.ts'
import { problemsOfMapping, type Mapping, type MappingProblem } from './mapping/index.ts'
import { destinationTypes, traitsOf, type WebhookType } from './registry.ts'

/** What the API expects in place of an option that the type does not have; null when all apply. */
export function optionsProblem(
  type: WebhookType,
  options: DestinationOptions,
): { field: string; expected: string } | null {
  const traits = traitsOf(type)
  const {
    fieldPolicies = {},
    convertsRecords = false,
    hasCompatibleServers = false,
    oneRecordPerVisitor,
  } = traits
  const names = Object.keys(fieldPolicies)
  const unknown = Object.keys(options.fields ?? {}).find((name) => !names.includes(name))
  if (unknown !== undefined) {
    const expected =
      names.length === 0 ? `no fields: a ${type} destination has none` : `one of ${names.join(', ')}`
    return { field: `options.fields.${unknown}`, expected }
  }
  if (options.on_converted !== undefined && !convertsRecords) {
    return { field: 'options.on_converted', expected: `no such option for ${type}` }
  }
  if (options.unchanged !== undefined && !oneRecordPerVisitor) {
    return { field: 'options.unchanged', expected: `no such option for ${type}` }
  }
  return options.compatible !== undefined && !hasCompatibleServers
    ? { field: 'options.compatible', expected: `no such option for ${type}` }
    : null
}

/** What is wrong with a mapping, as far as the mapping alone says; empty when nothing is. */
export function mappingProblems(
  type: WebhookType,
  mapping: Mapping,
  hasCredentials: boolean,
): MappingProblem[] {
  const { mapping: traits, label } = traitsOf(type)
  if (traits === undefined) return [{ field: 'mapping', expected: `no mapping: ${label} has none` }]
  return problemsOfMapping(mapping, traits, hasCredentials)
}

/** What the API expects in place of a URL that can be no webhook of the type; null when it may be one. */
export function receiverProblem(
  type: WebhookType,
  url: URL,
  options: DestinationOptions,
  hasCredentials: boolean,
): string | null {
  const problem = urlProblem(type, url, options, hasCredentials)
  return problem !== null && 'expected' in problem ? problem.expected : null
}

/** Why the URL of a saved destination may be wrong, one sentence each. */
export function receiverWarnings(
  type: WebhookType,
  url: URL,
  options: DestinationOptions,
  hasCredentials: boolean,
): string[] {
  const problem = urlProblem(type, url, options, hasCredentials)
  if (problem === null) return []
  return ['warning' in problem ? problem.warning : `This URL cannot work. Use ${problem.expected}.`]
}

function urlProblem(
  type: WebhookType,
  url: URL,
  options: DestinationOptions,
  hasCredentials: boolean,
): UrlProblem | null {
  return destinationTypes[type].checkUrl?.(url, { options, hasCredentials }) ?? null
}
