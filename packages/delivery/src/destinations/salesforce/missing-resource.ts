import type { Verdict } from '../../deliver/verdict.ts'
import { verdictOf, type VerdictRule } from '../verdict-rule.ts'
import type { SalesforceRule } from './describe-fields.ts'
import type { SalesforceError } from './salesforce-errors.ts'

export function verdictRuleOf([decision, cause, message, remedy]: SalesforceRule): VerdictRule {
  return { decision, cause: `salesforce_${cause}`, message, remedy }
}

export const recordDeleted: SalesforceRule = [
  'give_up',
  'record_deleted',
  'The record was deleted in Salesforce.',
  'Restore it from the recycle bin, or delete the converted Lead too, and export the visitor again.',
]
export const versionUnknown: SalesforceRule = [
  'give_up',
  'version_unknown',
  'Salesforce has no such object or version of the API at this path.',
  'Correct the version in the webhook URL (/services/data/v66.0), or leave the path out.',
]
const externalIdMissing: SalesforceRule = [
  'give_up',
  'external_id_missing',
  'Salesforce has no external id Ghost_Visitor_ID__c on Lead that this user can write.',
  [
    'Create Ghost_Visitor_ID__c on Lead as Text, External ID and Unique (case sensitive),',
    'and give the user the right to edit it.',
  ].join(' '),
]
/** 404 has one code for a wrong path and for a missing external id; its message distinguishes them. */
export function missingResource(errors: readonly SalesforceError[]): Verdict | null {
  const error = errors.find(({ code }) => code === 'NOT_FOUND')
  if (error === undefined) return null
  if (/external id/i.test(error.message)) return verdictOf(verdictRuleOf(externalIdMissing))
  if (/requested resource does not exist/i.test(error.message))
    return verdictOf(verdictRuleOf(versionUnknown))
  return /deleted/i.test(error.message) ? verdictOf(verdictRuleOf(recordDeleted)) : null
}

export const externalIdRule = verdictRuleOf(externalIdMissing)
