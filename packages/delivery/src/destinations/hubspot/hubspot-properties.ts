import type { AccessTokenCredentials } from '../credentials.ts'
import { openSecretMask } from '../../receivers/mask-response.ts'
import type { Outcome } from '../../deliver/outcome.ts'
import type { OutboundRequest, SendRequest } from '../../deliver/ports.ts'
import { judge } from '../../deliver/judge.ts'
import type { Failure } from '../../deliver/verdict.ts'
import { jsonOf } from '../../text/response-json.ts'
import { hubspotCrm } from './hubspot-crm.ts'
import { propertyProblem } from './hubspot-setup.ts'
import { hubspotProperties } from './property-definitions.ts'

/** https://developers.hubspot.com/docs/api-reference/crm-properties-v3/core/post-crm-v3-properties-objectType */
const propertiesPath = '/crm/v3/properties/contacts'

const groupName = 'ghost_id'

export interface CreatePropertiesResult {
  /** Names of the properties that this call created. */
  created: readonly string[]
  /** Names of the properties that existed before. */
  existing: readonly string[]
  /** Why properties that existed before do not fit, one sentence each. */
  unfit: readonly string[]
  /** The first property that HubSpot refused, at which the call stopped; null when all properties exist. */
  failed: { property: string; failure: Failure; status: number | null } | null
}

/** Creates our property group and the properties that HubSpot lacks. A second call changes nothing. */
export async function createHubspotProperties(
  credentials: AccessTokenCredentials,
  webhookUrl: URL,
  ports: { send: SendRequest; now: () => Date; userAgent: string },
): Promise<CreatePropertiesResult> {
  const send = async (path: string, body: object | null): Promise<Outcome> =>
    (await ports.send(requestOf(credentials, new URL(path, webhookUrl.origin), body, ports.userAgent)))
      .outcome
  const created: string[] = []
  const existing: string[] = []
  const unfit: string[] = []
  const steps = [
    { name: groupName, path: `${propertiesPath}/groups`, body: { name: groupName, label: 'Ghost ID' } },
    ...hubspotProperties.map((property) => ({
      name: property.name,
      path: propertiesPath,
      body: { ...property, groupName },
    })),
  ]
  for (const { name, path, body } of steps) {
    const outcome = await send(path, body)
    const status = outcome.kind === 'answered' ? outcome.status : null
    const failure = failureOf(outcome, credentials, ports.now())
    if (failure !== null && status !== 409)
      return { created, existing, unfit, failed: { property: name, failure, status } }
    if (name === groupName) continue
    if (status !== 409) created.push(name)
    else {
      const check = checkExisting(name, await send(`${propertiesPath}/${name}`, null))
      if (check === 'unknown') {
        const unread = { cause: 'hubspot_property_unread', ...unreadTexts(name), outcomeUnknown: false }
        return { created, existing, unfit, failed: { property: name, failure: unread, status } }
      }
      if (check === null) existing.push(name)
      else unfit.push(check)
    }
  }
  return { created, existing, unfit, failed: null }
}

/** Why an existing property does not fit; null when it does, or when the token may not read it. */
function checkExisting(name: string, outcome: Outcome): string | null {
  const definition = hubspotProperties.find((property) => property.name === name)
  if (outcome.kind !== 'answered' || definition === undefined) return 'unknown'
  if (outcome.status === 403) return null
  return outcome.status === 200 ? propertyProblem(definition, jsonOf(outcome)) : 'unknown'
}

function unreadTexts(name: string): { message: string; remedy: string } {
  return {
    message: `HubSpot has ${name} already, and its settings could not be read.`,
    remedy: `Check that ${name} has the type of the guide, and unique values where the guide says so.`,
  }
}

function requestOf(
  { access_token }: AccessTokenCredentials,
  url: URL,
  body: object | null,
  userAgent: string,
): OutboundRequest {
  return {
    url,
    headers: {
      'content-type': 'application/json',
      'user-agent': userAgent,
      authorization: `Bearer ${access_token}`,
    },
    ...(body === null ? { method: 'GET', body: '' } : { body: JSON.stringify(body) }),
    signing: null,
    freshConnection: false,
  }
}

function failureOf(outcome: Outcome, credentials: AccessTokenCredentials, now: Date): Failure | null {
  const created = outcome.kind === 'answered' && outcome.status === 201
  if (created) return null
  const mask = openSecretMask({ others: [credentials.access_token] })
  const shown = outcome.kind === 'answered' ? mask.response(outcome) : outcome
  const verdict = judge(shown, hubspotCrm(credentials), { repeatUnknownOutcomes: false, now })
  if (verdict.decision === 'delivered') return null
  if (verdict.failure.cause !== 'hubspot_scope_missing') return verdict.failure
  return {
    ...verdict.failure,
    message: 'The HubSpot app may not create contact properties.',
    remedy: 'Grant the app the scope crm.schemas.contacts.write.',
  }
}
