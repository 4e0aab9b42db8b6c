import type { VerdictRule } from '../verdict-rule.ts'

export type SalesforceRule = readonly [
  decision: VerdictRule['decision'],
  cause: string,
  message: string,
  remedy: string,
]
/** Errors whose message and remedy name the fields that the response names. */

export function requiredFieldMissing(fields: readonly string[]): SalesforceRule {
  const message = `Salesforce requires ${joinFields(fields, 'a field')} on a Lead.`
  const remedy = `Make ${joinFields(fields, 'the field')} optional in Salesforce, or give it a default value.`
  return ['give_up', 'field_required', message, remedy]
}

const externalIdInBody = /should not be specified in the sobject data/

export function invalidField(_: readonly string[], message: string): SalesforceRule {
  if (externalIdInBody.test(message)) {
    const text = 'This Salesforce URL updates by external id, which the body must not contain then.'
    return [
      'give_up',
      'upsert_url',
      text,
      'Use a URL that ends in /sobjects/Lead, or a saved destination with credentials.',
    ]
  }
  const missing = /No such column '([A-Za-z][A-Za-z0-9_]{0,42})'/.exec(message)?.[1]
  const object = /sobject of type Contact/.test(message) ? 'Contact' : 'Lead'
  return [
    'give_up',
    'field_missing',
    `Salesforce does not know ${missing ? `the ${object} field ${missing}` : 'a field of this body'}.`,
    `Create ${missing ? `the ${object} field ${missing}` : 'the fields that the response names'} in Salesforce.`,
  ]
}

export function fieldReadOnly(fields: readonly string[], message: string): SalesforceRule {
  const listed = /fields: ([A-Za-z][\w, ]{0,200})/.exec(message)?.[1]?.split(/,\s*/) ?? []
  const names = joinFields(fields.length > 0 ? fields : listed, 'a field')
  return [
    'give_up',
    'field_read_only',
    `The Salesforce user may not write ${names}.`,
    `Give the user the right to edit ${names} (field-level security).`,
  ]
}

export function validationRule(fields: readonly string[]): SalesforceRule {
  const message = `A validation rule in Salesforce refuses ${joinFields(fields, 'this Lead')}.`
  return [
    'give_up',
    'validation_rule',
    message,
    'Change the validation rule so that it allows Leads from Ghost ID.',
  ]
}

export function fieldIntegrity(fields: readonly string[], message: string): SalesforceRule {
  const names = joinFields(fields, 'a field')
  const isPlace =
    fields.length === 0 ? /country|state/i.test(message) : fields.some((name) => /country|state/i.test(name))
  return isPlace
    ? [
        'give_up',
        'field_integrity',
        `Salesforce refuses the value of ${names}: its State and Country picklist lacks it.`,
        'Add the country to the State and Country picklist, or switch the picklist off.',
      ]
    : [
        'give_up',
        'field_integrity',
        `Salesforce refuses the value of ${names}.`,
        `Change the settings of ${names} in Salesforce so that it accepts this value.`,
      ]
}

export function restrictedPicklist(fields: readonly string[], message: string): SalesforceRule {
  const label = /^([A-Z][\w ]{0,42}):/.exec(message)?.[1]?.replaceAll(' ', '')
  const names = fields.length > 0 ? fields : label === undefined ? [] : [label]
  const picklist = joinFields(names, 'the picklist that the response names')
  const value = names.includes('LeadSource') ? '"GHOST Visitor Intelligence"' : 'the value'
  return [
    'give_up',
    'picklist_restricted',
    `Salesforce accepts only listed values for ${joinFields(names, 'a picklist')}.`,
    `Add ${value} to ${picklist} in Salesforce, or let the picklist accept other values.`,
  ]
}

export function textTooLong(fields: readonly string[]): SalesforceRule {
  const names = joinFields(fields, 'a field')
  const remedy =
    fields.includes('Ghost_Visitor_ID__c') || fields.length === 0
      ? 'Make the field longer. Ghost_Visitor_ID__c needs 255 characters.'
      : `Make ${names} longer in Salesforce.`
  return ['give_up', 'text_too_long', `The value is too long for ${names} in Salesforce.`, remedy]
}

export function numberOutOfRange(fields: readonly string[]): SalesforceRule {
  const names = joinFields(fields, 'a number field')
  return [
    'give_up',
    'number_out_of_range',
    `The number is too large for ${names} in Salesforce.`,
    `Give ${names} more digits in Salesforce.`,
  ]
}

export function wrongType(fields: readonly string[]): SalesforceRule {
  const names = joinFields(fields, 'a field')
  const remedy = `Give ${names} in Salesforce the type of the table in the guide.`
  return ['give_up', 'field_type', `${names} in Salesforce has another type.`.replace(/^a /, 'A '), remedy]
}

export function wrongReference(fields: readonly string[]): SalesforceRule {
  const names = joinFields(fields, 'another record')
  return [
    'give_up',
    'reference_invalid',
    `Salesforce does not accept a reference of the Lead (${names}).`,
    'Check the owner, the record type and the assignment rules of Leads, and that the user may see them.',
  ]
}

function joinFields(fields: readonly string[], fallback: string): string {
  return fields.length === 0 ? fallback : fields.join(', ')
}
