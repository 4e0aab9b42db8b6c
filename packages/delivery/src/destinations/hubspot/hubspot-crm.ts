import type { AccessTokenCredentials } from '../credentials.ts'
import type { HttpResponse } from '../../deliver/outcome.ts'
import type { Verdict } from '../../deliver/verdict.ts'
import { isString, jsonOf, member, parseJson } from '../../text/response-json.ts'
import type { Destination } from '../destination.ts'
import type { DestinationOptions } from '../destination-options.ts'
import { personNameOf } from '../../visitors/person-name.ts'
import { clipText } from '../../text/clip-text.ts'
import { contactAccess } from './contact-access.ts'
import { openContactExchange } from './contact-exchange.ts'
import { contactIn, hubspotRecord } from './hubspot-record.ts'
import {
  categoryOf,
  documentedNames,
  errorOf,
  propertyErrorsIn,
  withNames,
  type PropertyError,
} from './hubspot-response.ts'
import { hubspotPause } from './hubspot-pause.ts'
import { hubspotSetupProblems, hubspotSetupUrl } from './hubspot-setup.ts'
import { hubspotDestination, judgeHubspot } from './hubspot.ts'
import { contactMappingProblems } from './mapped-contact.ts'
import { isSuccess } from '../judge-by-status.ts'
import {
  adjustVerdict,
  delivered,
  unreadableResponse,
  verdictOf,
  type Adjustments,
  type VerdictRule,
} from '../verdict-rule.ts'
import { upsertPath, type Properties } from './contact-request.ts'

/** HubSpot's traffic sources are an enumeration, so the documented value goes into a property of ours. */
const refusedProperty = 'hs_analytics_source'
const sourceProperty = 'ghost_source'

/** HubSpot refuses the whole contact for a `datetime` whose year has more than four digits. */
const dateProperties: ReadonlySet<string> = new Set(['ghost_first_seen', 'ghost_last_seen'])
const readableYear = /^\d{4}-/

/** Longer than any real name. */
const nameLengthMax = 255

/**
 * HubSpot's CRM API with a token. It creates or updates one contact by the visitor's id, or updates the contact that
 * already has the visitor's e-mail address.
 */
export function hubspotCrm(
  { access_token }: AccessTokenCredentials,
  options: DestinationOptions = {},
): Destination {
  const { firstBody, nextVariant } = openContactExchange(options)
  const names = new Set([...documentedNames, ...Object.keys(options.fields ?? {})])
  return {
    ...hubspotDestination,
    buildBody: (profile, buildOptions) => {
      const { properties } = hubspotDestination.buildBody(profile, buildOptions) as { properties: Properties }
      return { properties: { ...properties, ...namesOf(profile.name) } }
    },
    prepareRequest: (url, _userAgent, payload = '') => ({
      url: new URL(upsertPath, url.origin),
      headers: { authorization: `Bearer ${access_token}` },
      body: firstBody(propertiesOf(payload)),
    }),
    judgeResponse: (response, now, requestUrl) => judgeResponse(response, now, requestUrl, names),
    pauseAfter: hubspotPause,
    setup: {
      url: hubspotSetupUrl,
      problemsIn: hubspotSetupProblems,
      mappingProblemsIn: contactMappingProblems,
    },
    record: contactAccess(options, propertiesOf),
    nextVariant: (request, response, payload, earlier) =>
      nextVariant(request, response, propertiesOf(payload), earlier),
  }
}

function namesOf(name: string | null): Properties {
  const person = personNameOf(name)
  if (person === null) return {}
  return {
    ...(person.first === null ? {} : { firstname: clipText(person.first, nameLengthMax) }),
    lastname: clipText(person.last, nameLengthMax),
  }
}

/** The documented properties without the empty ones. */
function propertiesOf(payload: string): Properties {
  const documented = member(parseJson(payload), 'properties')
  const entries = Object.entries(typeof documented === 'object' && documented !== null ? documented : {})
  const accepted = entries
    .filter((entry): entry is [string, string] => isString(entry[1]) && entry[1] !== '')
    .filter(([name, value]) => !dateProperties.has(name) || readableYear.test(value))
    .map(([name, value]): [string, string] => [name === refusedProperty ? sourceProperty : name, value])
  return Object.fromEntries(accepted)
}

function judgeResponse(
  response: HttpResponse,
  now: Date,
  requestUrl: URL | undefined,
  names: ReadonlySet<string>,
): Verdict {
  if (isSuccess(response.status)) return judgeSuccess(response, now, requestUrl, names)
  if (categoryOf(jsonOf(response)) === 'OBJECT_NOT_FOUND') return verdictOf(conflict)
  return adjusted(judgeHubspot(response, now, names), response, names)
}

/** Delivered only with the contact's id: HubSpot also responds with 2xx to a batch that wrote nothing. */
function judgeSuccess(
  response: HttpResponse,
  now: Date,
  requestUrl: URL | undefined,
  names: ReadonlySet<string>,
): Verdict {
  const body = jsonOf(response)
  if (response.status === 204) return delivered()
  if (response.status === 207 && body === undefined) return verdictOf(unreadableBatch)
  const verdict = judgeHubspot(response, now, names)
  if (verdict.decision !== 'delivered') return adjusted(verdict, response, names)
  const { id, isWritten } = contactIn(body)
  if (id === null || !isWritten) return verdictOf(unreadableResponse)
  return { ...delivered(id), record: hubspotRecord(id, body, requestUrl) }
}

function adjusted(verdict: Verdict, response: HttpResponse, names: ReadonlySet<string>): Verdict {
  const errors = withNames(propertyErrorsIn(errorOf(response)), names)
  return adjustVerdict(adjustVerdict(verdict, hubspotCrmAdjustments), {
    hubspot_property_missing: { remedy: missingRemedy(errors) },
    hubspot_option_invalid: { remedy: optionRemedy(errors) },
  })
}

const conflict: VerdictRule = {
  decision: 'retry',
  cause: 'hubspot_conflict',
  message: 'HubSpot could not update the contact that has this e-mail address or visitor id.',
  remedy:
    'The system retries by itself. If this persists, merge the contacts that have this visitor id or e-mail address.',
}

const unreadableBatch: VerdictRule = {
  decision: 'retry',
  cause: 'hubspot_answer_unreadable',
  message: 'HubSpot responded with 207, and the response about the contact is unreadable.',
  remedy: 'The system retries by itself, which updates a contact that HubSpot may have created.',
}

function missingRemedy(errors: readonly PropertyError[]): string {
  const names = errors
    .filter(({ code }) => code === 'PROPERTY_DOESNT_EXIST')
    .flatMap(({ properties }) => properties)
  const propertyNames =
    names.length === 0 ? 'the properties that the response names' : [...new Set(names)].join(', ')
  return `Create ${propertyNames} on contacts in HubSpot, or call POST /api/destinations/{id}/hubspot-properties.`
}

function optionRemedy(errors: readonly PropertyError[]): string {
  const names = errors.flatMap(({ properties }) => properties)
  const shown = names.length === 0 ? 'it' : [...new Set(names)].join(', ')
  return `Make ${shown} a text property in HubSpot, or add the option that the response names.`
}

const tokenRefused: Partial<VerdictRule> = {
  message: 'HubSpot refuses the access token of this destination.',
  remedy: 'Give the destination the access token of an existing private app.',
}

export const hubspotCrmAdjustments: Adjustments = {
  hubspot_unauthorized: tokenRefused,
  // HubSpot refused every form, so another client is writing the same contact now.
  hubspot_contact_exists: conflict,
  hubspot_value_taken: conflict,
  hubspot_property_read_only: { remedy: 'Make the property editable in HubSpot, or create it again.' },
  hubspot_validation: {
    remedy:
      'Read the response: it says what HubSpot expects. ghost_visitor_id must be a property with unique values.',
  },
}

/** The causes that only CRM mode has. */
export const hubspotCrmCauses: readonly string[] = [conflict, unreadableBatch, unreadableResponse].map(
  ({ cause }) => cause,
)
