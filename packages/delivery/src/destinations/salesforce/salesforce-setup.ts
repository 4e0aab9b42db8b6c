import type { HttpResponse } from '../../deliver/outcome.ts'
import { isString, itemsOf, jsonOf, member } from '../../text/response-json.ts'
import { apiPathOf, externalId } from './lead-request.ts'

/** The fields of Leads. */
export function salesforceSetupUrl(webhookUrl: URL): URL {
  return new URL(`${apiPathOf(webhookUrl)}/sobjects/Lead/describe`, webhookUrl.origin)
}

const numberFields = ['Ghost_Score__c', 'Ghost_Sessions__c', 'Ghost_Pageviews__c']
const numberTypes: ReadonlySet<unknown> = new Set(['double', 'int', 'currency', 'percent', 'long'])

/** The Lead fields that are missing or have the wrong settings; none for an unreadable response. */
export function salesforceSetupProblems(response: HttpResponse): string[] {
  const fields = itemsOf(member(jsonOf(response), 'fields'))
  if (response.status !== 200 || fields.length === 0) return []
  const byName = new Map(fields.map((field) => [nameOf(field), field]))
  const id = byName.get(externalId)
  const missing = [externalId, ...numberFields].filter((name) => !byName.has(name))
  return [
    ...missing.map((name) => `Salesforce has no Lead field ${name} that the user may see: create it.`),
    ...(id === undefined ? [] : idProblems(id)),
    ...numberFields
      .filter((name) => byName.has(name) && !numberTypes.has(member(byName.get(name), 'type')))
      .map((name) => `The Lead field ${name} must be a number.`),
  ]
}

function nameOf(field: unknown): string {
  const name = member(field, 'name')
  return isString(name) ? name : ''
}

function idProblems(field: unknown): string[] {
  const problems: string[] = []
  if (member(field, 'externalId') === false)
    problems.push(`The Lead field ${externalId} must be an external id.`)
  if (member(field, 'unique') === false) problems.push(`The Lead field ${externalId} must be unique.`)
  if (member(field, 'caseSensitive') === false) {
    problems.push(
      `The Lead field ${externalId} should be case sensitive: visitor ids that differ in case alone are different.`,
    )
  }
  return problems
}
