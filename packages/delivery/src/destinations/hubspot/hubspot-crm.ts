import type { AccessTokenCredentials } from '../credentials.ts'
import type { Answered } from '../../deliver/outcome.ts'
import type { Verdict } from '../../deliver/verdict.ts'
import { adjustVerdict, type Adjustments } from '../adjust-verdict.ts'
import { isText, itemsOf, jsonOf, member, parseJson } from '../../text/answer-json.ts'
import type { Destination, RequestForm } from '../destination.ts'
import { categoryOf, complaintsIn, ownPartOf, ownTrace } from './hubspot-answer.ts'
import { hubspot } from './hubspot.ts'
import { isSuccess } from '../judge-by-status.ts'
import { verdictOf } from '../ruling.ts'
import { unknownName } from '../salesforce/salesforce-lead.ts'

/** https://developers.hubspot.com/docs/api-reference/crm-contacts-v3/batch/post-crm-v3-objects-contacts-batch-upsert */
const contactsPath = '/crm/v3/objects/contacts'
const upsertPath = `${contactsPath}/batch/upsert`

const idProperty = 'ghost_visitor_id'

/** HubSpot's own traffic sources are an enumeration: the documented value goes into a property of ours. */
const refusedProperty = 'hs_analytics_source'
const sourceProperty = 'ghost_source'

/** What HubSpot's `datetime` reads; a year of more than four digits would have the whole contact refused. */
const times: ReadonlySet<string> = new Set(['ghost_first_seen', 'ghost_last_seen'])
const readableTime = /^\d{4}-/

type Properties = Readonly<Record<string, string>>

/**
 * HubSpot's CRM API with a token: one contact, created or updated by the visitor's id, or updated by the e-mail address
 * where another contact has that already.
 */
export function hubspotCrm({ access_token }: AccessTokenCredentials): Destination {
  return {
    ...hubspot,
    prepareRequest: (url, _userAgent, payload = '') => ({
      url: new URL(upsertPath, url.origin),
      headers: { authorization: `Bearer ${access_token}` },
      body: byVisitor(propertiesOf(payload)),
    }),
    judgeAnswer,
    nextForm,
  }
}

/** The documented properties, without those that are empty. */
function propertiesOf(payload: string): Properties {
  const documented = member(parseJson(payload), 'properties')
  const entries = Object.entries(typeof documented === 'object' && documented !== null ? documented : {})
  const kept = entries
    .filter((entry): entry is [string, string] => isText(entry[1]) && entry[1] !== '')
    .filter(([name, value]) => !times.has(name) || readableTime.test(value))
    .map(([name, value]): [string, string] => [name === refusedProperty ? sourceProperty : name, value])
  return Object.fromEntries(kept)
}

function byVisitor(properties: Properties): string {
  const id = properties[idProperty] ?? ''
  return JSON.stringify({ inputs: [{ id, idProperty, objectWriteTraceId: ownTrace, properties }] })
}

/**
 * The next form of a request that cannot be taken as it is. By e-mail address, if another contact has that, which gives
 * the contact the visitor id; the same without the visitor id, if a third contact has that. And for somebody new
 * without an e-mail address: with a last name, without which HubSpot may not create a contact, and which must not
 * overwrite what people wrote into one.
 */
function nextForm({ url, body }: RequestForm, answer: Answered): RequestForm | null {
  if (url.pathname !== upsertPath) return isConflict(answer) ? withoutVisitorId(url, body) : null
  const properties = (member(itemsOf(member(parseJson(body), 'inputs'))[0], 'properties') ?? {}) as Properties
  const { email, [idProperty]: visitorId } = properties
  if (isConflict(answer)) return email === undefined ? null : byEmail(url, email, properties)
  const nameless = email === undefined && properties['lastname'] === undefined
  if (!nameless || visitorId === undefined || !isUnnamedRefusal(answer)) return null
  return { url, body: byVisitor({ ...properties, lastname: unknownName(visitorId) }) }
}

/**
 * An update, as an upsert by e-mail address must be a complete one ("partial upserts are not supported when using email
 * as the idProperty", contacts guide). The address itself stays out: it may be the contact's second one.
 */
function byEmail(url: URL, email: string, { email: _email, ...properties }: Properties): RequestForm {
  const path = `${contactsPath}/${encodeURIComponent(email)}?idProperty=email`
  return { method: 'PATCH', url: new URL(path, url.origin), body: JSON.stringify({ properties }) }
}

function withoutVisitorId(url: URL, body: string): RequestForm | null {
  const { [idProperty]: visitorId, ...properties } = (member(parseJson(body), 'properties') ??
    {}) as Properties
  return visitorId === undefined ? null : { method: 'PATCH', url, body: JSON.stringify({ properties }) }
}

/** The answer itself, or the error that a 207 or 2xx hides. */
function errorOf(answer: Answered): unknown {
  const body = jsonOf(answer)
  const [hidden] = ownPartOf(body).errors
  return isSuccess(answer.status) && categoryOf(body) === undefined ? hidden : body
}

const conflicts: ReadonlySet<string> = new Set(['CONFLICT', 'OBJECT_ALREADY_EXISTS'])

function isConflict(answer: Answered): boolean {
  const error = errorOf(answer)
  if (answer.status === 409 || conflicts.has(categoryOf(error) ?? '')) return true
  return complaintsIn(error).some(({ code }) => code === 'CONFLICTING_UNIQUE_VALUE')
}

/** A refusal that blames none of the properties we sent. */
function isUnnamedRefusal(answer: Answered): boolean {
  const error = errorOf(answer)
  return (
    categoryOf(error) === 'VALIDATION_ERROR' &&
    complaintsIn(error).every(({ properties }) => properties.length === 0)
  )
}

function judgeAnswer(answer: Answered, now: Date): Verdict {
  if (answer.status === 207 && jsonOf(answer) === undefined) return verdictOf(unreadable)
  if (categoryOf(jsonOf(answer)) === 'OBJECT_NOT_FOUND') return verdictOf(conflict)
  return adjustVerdict(adjustVerdict(hubspot.judgeAnswer(answer, now), hubspotCrmAdjustments), {
    hubspot_property_missing: { remedy: missingRemedy(answer) },
  })
}

const conflict = {
  decision: 'retry',
  cause: 'hubspot_conflict',
  message: 'HubSpot has a contact with this e-mail address or visitor id that could not be updated just now.',
  remedy: 'If it stays: merge the contacts that have this visitor id or e-mail address.',
} as const

const unreadable = {
  decision: 'retry',
  cause: 'hubspot_answer_unreadable',
  message: 'HubSpot answered 207, and what it says of the contact cannot be read.',
  remedy: 'It is tried again by itself, and then updates the contact it may have made.',
} as const

function missingRemedy(answer: Answered): string {
  const names = complaintsIn(errorOf(answer))
    .filter(({ code }) => code === 'PROPERTY_DOESNT_EXIST')
    .flatMap(({ properties }) => properties)
  const what = names.length === 0 ? 'what its answer names' : [...new Set(names)].join(', ')
  return `Create ${what} on contacts in HubSpot, or have POST /api/destinations/{id}/hubspot-properties do it.`
}

const tokenRefused: Partial<{ message: string; remedy: string }> = {
  message: 'HubSpot refuses the access token of this destination.',
  remedy: 'Change the destination: give it the access token of a private app that exists.',
}

export const hubspotCrmAdjustments: Adjustments = {
  hubspot_unauthorized: tokenRefused,
  // All forms were tried: somebody else writes the same contact at this moment.
  hubspot_contact_exists: {
    decision: 'retry',
    cause: 'hubspot_conflict',
    message:
      'HubSpot has a contact with this e-mail address or visitor id that could not be updated just now.',
    remedy: 'If it stays: merge the contacts that have this visitor id or e-mail address.',
  },
  hubspot_option_invalid: {
    remedy: 'Make it a text property in HubSpot, or add the option its answer names.',
  },
  hubspot_property_read_only: { remedy: 'Let the property be edited in HubSpot, or create it anew.' },
  hubspot_validation: {
    remedy: 'See its answer for what it expects; ghost_visitor_id must be a property with unique values.',
  },
}
