import type { HttpResponse } from '../../deliver/outcome.ts'
import { itemsOf, jsonOf, member } from '../../text/response-json.ts'
import { hubspotProperties, type PropertyDefinition } from './property-definitions.ts'

const propertiesPath = '/crm/v3/properties/contacts'

export function hubspotSetupUrl(webhookUrl: URL): URL {
  return new URL(propertiesPath, webhookUrl.origin)
}

/** The properties that are missing, have another type, or are not unique; none for an unreadable response. */
export function hubspotSetupProblems(response: HttpResponse): string[] {
  const existing = itemsOf(member(jsonOf(response), 'results'))
  if (response.status !== 200 || existing.length === 0) return []
  return hubspotProperties.flatMap((property) => {
    const found = existing.find((one) => member(one, 'name') === property.name)
    if (found === undefined) return [`HubSpot has no contact property ${property.name}: create it.`]
    const problem = propertyProblem(property, found)
    return problem === null ? [] : [problem]
  })
}

/** Why an existing property does not fit, as a sentence; null when it does. */
export function propertyProblem(expected: PropertyDefinition, existing: unknown): string | null {
  const { name, type, hasUniqueValue } = expected
  const existingType = member(existing, 'type')
  if (existingType !== type)
    return `The HubSpot property ${name} must have the type ${type}: delete it and create it again.`
  const isUnique = member(existing, 'hasUniqueValue') === true
  return hasUniqueValue && !isUnique
    ? `The HubSpot property ${name} must have unique values: delete it and create it again.`
    : null
}
