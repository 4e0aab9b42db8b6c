type DescribeError = (names: readonly string[]) => readonly [cause: string, message: string, remedy: string]

export const hubspotCodeRules: ReadonlyMap<string, DescribeError> = new Map<string, DescribeError>([
  ['PROPERTY_DOESNT_EXIST', missingProperty],
  ['INVALID_OPTION', invalidOption],
  ['INVALID_EMAIL', invalidEmail],
  ['READ_ONLY_VALUE', readOnlyValue],
  ['INVALID_LONG', wrongType],
  ['INVALID_INTEGER', wrongType],
  ['INVALID_NUMBER', wrongType],
  ['INVALID_DATE', wrongType],
  ['INVALID_DATE_TIME', wrongType],
  ['INVALID_TIMESTAMP', wrongType],
  ['INVALID_DOUBLE', wrongType],
  ['INVALID_FLOAT', wrongType],
  ['INVALID_BOOLEAN', wrongType],
  ['INVALID_OWNER_ID', wrongType],
  ['PROPERTY_LENGTH_TOO_LONG', tooLong],
  ['VALUE_TOO_LONG', tooLong],
  ['TOO_LONG', tooLong],
  ['REQUIRED_PROPERTY', required],
  ['REQUIRED_FIELD', required],
  ['MISSING_REQUIRED_PROPERTY', required],
  ['CONFLICTING_UNIQUE_VALUE', taken],
])

function missingProperty(names: readonly string[]) {
  const what =
    names.length === 0 ? 'properties that the response names' : `${propertyWord(names)} ${names.join(', ')}`
  const message = `HubSpot does not know ${joinNames(names)} on contacts.`
  return ['hubspot_property_missing', message, `Create the contact ${what} in HubSpot.`] as const
}

function invalidOption(names: readonly string[]) {
  const remedy = names.includes('hs_analytics_source')
    ? "Use the URL of a workflow's webhook trigger. The CRM API accepts only HubSpot's own traffic sources."
    : `Make ${joinNames(names)} a text property in HubSpot, or add the option that the response names.`
  return ['hubspot_option_invalid', `HubSpot has no such option for ${joinNames(names)}.`, remedy] as const
}

function invalidEmail() {
  const message = "HubSpot refuses the visitor's e-mail address."
  return [
    'hubspot_email_invalid',
    message,
    "Correct the visitor's e-mail address on the site, and export the visitor again.",
  ] as const
}

function readOnlyValue(names: readonly string[]) {
  const remedy = "Use the URL of a workflow's webhook trigger, where you choose the values to store."
  return [
    'hubspot_property_read_only',
    `HubSpot allows nobody to write ${joinNames(names)}.`,
    remedy,
  ] as const
}

function wrongType(names: readonly string[]) {
  const message = `HubSpot refuses the value of ${joinNames(names)}, because the property has another type.`
  const remedy =
    'Make ghost_score, ghost_sessions and ghost_pageviews numbers, ghost_first_seen and ghost_last_seen datetimes.'
  return ['hubspot_property_type', message, remedy] as const
}

function tooLong(names: readonly string[]) {
  const message = `The value of ${joinNames(names)} is too long for HubSpot.`
  return [
    'hubspot_value_too_long',
    message,
    `Raise the length limit of ${joinNames(names)} in HubSpot.`,
  ] as const
}

function required(names: readonly string[]) {
  const message = `HubSpot requires ${joinNames(names)} on a contact.`
  return ['hubspot_property_required', message, `Make ${joinNames(names)} optional in HubSpot.`] as const
}

function taken(names: readonly string[]) {
  const message = `Another HubSpot contact has this value of ${joinNames(names)}.`
  return ['hubspot_value_taken', message, 'Merge the two contacts in HubSpot.'] as const
}

export function joinNames(names: readonly string[]): string {
  return names.length === 0 ? 'a property' : names.join(', ')
}

function propertyWord(names: readonly string[]): string {
  return names.length === 1 ? 'property' : 'properties'
}
