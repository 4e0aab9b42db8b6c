import { isString, member } from '../../text/response-json.ts'
import type { VerdictRule } from '../verdict-rule.ts'
import { hubspotCodeRules, joinNames } from './hubspot-codes.ts'
import { propertyErrorsIn, withNames, type PropertyError } from './hubspot-response.ts'

export const rateLimited: VerdictRule = {
  decision: 'retry',
  cause: 'rate_limited',
  message: 'HubSpot accepts no more requests at present.',
  remedy:
    'The system retries by itself. If this persists, set a rate_limit, or reduce the other uses of the account.',
}

export const writeRefused: VerdictRule = {
  decision: 'give_up',
  cause: 'hubspot_write_refused',
  message: 'HubSpot responded with success, but the response says that it did not save the contact.',
  remedy: 'Read the response: it gives the reason.',
}

export const locked: VerdictRule = {
  decision: 'retry',
  cause: 'hubspot_locked',
  message: 'HubSpot has locked this record for a moment.',
  remedy: 'The system retries by itself. If this persists, check which workflow locks the contact.',
}

export const migrating: VerdictRule = {
  decision: 'retry',
  cause: 'hubspot_migrating',
  message: 'HubSpot is moving this account to another data centre.',
  remedy: 'The system retries by itself.',
}

export const dailyLimit: VerdictRule = {
  decision: 'retry',
  cause: 'hubspot_daily_limit',
  message: "The HubSpot account's daily limit of requests is used up.",
  remedy: "Raise the account's API limit, or reduce its other uses.",
}

/**
 * The rule for an error of this category; null for a category without a row.
 * @param names the properties that a message may name
 */
export function ruleOf(
  category: string | undefined,
  error: unknown,
  names: ReadonlySet<string>,
): VerdictRule | null {
  const byMessage = messageRule(error)
  if (byMessage !== null) return byMessage
  if (category === 'VALIDATION_ERROR') return validationRule(withNames(propertyErrorsIn(error), names))
  return category === undefined ? null : (hubspotCategoryRules.get(category) ?? null)
}

const pathUnknown: VerdictRule = {
  decision: 'give_up',
  cause: 'hubspot_path_unknown',
  message: 'HubSpot has nothing at this path: the object type or the version of the API is wrong.',
  remedy: 'Copy the URL again. With credentials, use https://api.hubapi.com or the region of the account.',
}

/** Errors that HubSpot distinguishes by their message alone. */
const messageRules: readonly (readonly [shape: RegExp, VerdictRule])[] = [
  [
    /non-unique .*property|not a unique property|idProperty .*(unique|invalid)/i,
    {
      decision: 'give_up',
      cause: 'hubspot_id_not_unique',
      message: 'The HubSpot property ghost_visitor_id does not require unique values.',
      remedy:
        'Delete ghost_visitor_id in HubSpot and create it again with unique values: that cannot be changed later.',
    },
  ],
  [
    /contact(s)? (tier )?limit|limit of contacts|reached .*(contacts|record) limit/i,
    {
      decision: 'give_up',
      cause: 'hubspot_contacts_full',
      message: 'The HubSpot account has the most contacts it can have.',
      remedy: 'Raise the contact limit of the HubSpot account, or delete contacts.',
    },
  ],
  [/infer object type|object type .*(not|invalid)|invalid object type/i, pathUnknown],
  [
    /invalid input json|invalid json|could not parse|unrecognized field/i,
    {
      decision: 'give_up',
      cause: 'hubspot_body_refused',
      message: 'HubSpot cannot read the body of the request.',
      remedy: 'Check that the URL is that of a webhook trigger, or of the CRM API with credentials.',
    },
  ],
]

function messageRule(error: unknown): VerdictRule | null {
  const message = member(error, 'message')
  if (!isString(message) || propertyErrorsIn(error).length > 0) return null
  return messageRules.find(([shape]) => shape.test(message.slice(0, 500)))?.[1] ?? null
}

const noToken: VerdictRule = {
  decision: 'give_up',
  cause: 'hubspot_unauthorized',
  message: 'HubSpot requires a token for this URL, and the request had none.',
  remedy: "Use the URL of a workflow's webhook trigger, or a saved destination with credentials.",
}

const contactExists: VerdictRule = {
  decision: 'give_up',
  cause: 'hubspot_contact_exists',
  message: 'HubSpot already has a contact with this e-mail address or visitor id.',
  remedy: "Use a workflow's webhook trigger, or a saved destination with credentials: both update contacts.",
}

const accountBlocked: VerdictRule = {
  decision: 'give_up',
  cause: 'hubspot_account_blocked',
  message: 'HubSpot has blocked or disabled this account or app.',
  remedy: "Ask an administrator of the HubSpot account, or HubSpot's support.",
}

const notAllowed: VerdictRule = {
  decision: 'give_up',
  cause: 'hubspot_not_allowed',
  message: 'HubSpot does not allow this app or its user to write contacts.',
  remedy: 'Ask an administrator of the HubSpot account to allow the app to write contacts.',
}

export const hubspotCategoryRules: ReadonlyMap<string, VerdictRule> = new Map([
  ['INVALID_AUTHENTICATION', noToken],
  ['EXPIRED_AUTHENTICATION', noToken],
  ['CONFLICT', contactExists],
  ['OBJECT_ALREADY_EXISTS', contactExists],
  ['OBJECT_NOT_FOUND', pathUnknown],
  ['RATE_LIMITS', rateLimited],
  ['MIGRATION_IN_PROGRESS', migrating],
  ['RESOURCE_LOCKED', locked],
  ['BANNED', accountBlocked],
  ['DISABLED', accountBlocked],
  ['ACCOUNT_DISABLED', accountBlocked],
  ['FORBIDDEN', notAllowed],
  ['ACCESS_DENIED', notAllowed],
  ['USER_DOES_NOT_HAVE_PERMISSIONS', notAllowed],
  ['PERMISSION_DENIED', notAllowed],
  ['INVALID_PORTAL', accountBlocked],
  // Comes inside a 207 or 2xx. A 5xx is judged by its status.
  [
    'INTERNAL_ERROR',
    {
      decision: 'retry',
      cause: 'hubspot_internal_error',
      message: 'HubSpot had an internal error while it saved the contact.',
      remedy: "The system retries by itself. If this persists, check HubSpot's status page.",
    },
  ],
  [
    'MISSING_SCOPES',
    {
      decision: 'give_up',
      cause: 'hubspot_scope_missing',
      message: 'The HubSpot app may not write contacts.',
      remedy: 'Grant the app the scope crm.objects.contacts.write.',
    },
  ],
])

/** HubSpot lists all errors at once. The verdict names the one to correct first. */
function validationRule(propertyErrors: readonly PropertyError[]): VerdictRule {
  for (const [code, describe] of hubspotCodeRules) {
    const matching = propertyErrors.filter((propertyError) => propertyError.code === code)
    if (matching.length === 0) continue
    const [cause, message, remedy] = describe([
      ...new Set(matching.flatMap((propertyError) => propertyError.properties)),
    ])
    return { decision: 'give_up', cause, message, remedy }
  }
  const named = propertyErrors.find(({ code, properties }) => properties.length > 0 && codeShape.test(code))
  return named === undefined ? invalidValues : valueRefused(named)
}

const codeShape = /^[A-Z][A-Z_]{2,60}$/

/** An error code without a row. */
function valueRefused({ code, properties }: PropertyError): VerdictRule {
  return {
    decision: 'give_up',
    cause: 'hubspot_value_refused',
    message: `HubSpot refuses the value of ${joinNames(properties)} (${code}).`,
    remedy: `Change the settings of ${joinNames(properties)} in HubSpot so that it accepts this value.`,
  }
}

const invalidValues: VerdictRule = {
  decision: 'give_up',
  cause: 'hubspot_validation',
  message: 'HubSpot does not accept the values of this contact.',
  remedy: 'Read the response: it says what the receiver expects.',
}

/** The causes that only HubSpot has. */
export const hubspotCauses: readonly string[] = [
  ...new Set([
    ...[
      writeRefused,
      locked,
      migrating,
      dailyLimit,
      invalidValues,
      valueRefused({ code: '', properties: [] }),
      ...hubspotCategoryRules.values(),
      ...messageRules.map(([, rule]) => rule),
    ].map(({ cause }) => cause),
    ...[...hubspotCodeRules.values()].map((describe) => describe([])[0]),
  ]),
].filter((cause) => cause !== rateLimited.cause)
