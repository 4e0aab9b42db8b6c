import type { AccessTokenCredentials } from '../credentials.ts'
import { openSecretMask } from '../../receivers/mask-response.ts'
import type { Outcome } from '../../deliver/outcome.ts'
import type { OutboundRequest, SendRequest } from '../../deliver/ports.ts'
import { judge } from '../../deliver/judge.ts'
import type { Failure } from '../../deliver/verdict.ts'
import { hubspotCrm } from './hubspot-crm.ts'

/** https://developers.hubspot.com/docs/api-reference/crm-properties-v3/core/post-crm-v3-properties-objectType */
const propertiesPath = '/crm/v3/properties/contacts'

const groupName = 'ghost_id'

interface PropertyDefinition {
  name: string
  label: string
  type: 'string' | 'number' | 'datetime'
  fieldType: 'text' | 'number' | 'date'
  hasUniqueValue?: true
}

/** The contact properties that we use and HubSpot does not define. */
const hubspotProperties: readonly PropertyDefinition[] = [
  {
    name: 'ghost_visitor_id',
    label: 'Ghost visitor id',
    type: 'string',
    fieldType: 'text',
    hasUniqueValue: true,
  },
  { name: 'ghost_source', label: 'Ghost source', type: 'string', fieldType: 'text' },
  { name: 'ghost_score', label: 'Ghost score', type: 'number', fieldType: 'number' },
  { name: 'ghost_sessions', label: 'Ghost sessions', type: 'number', fieldType: 'number' },
  { name: 'ghost_pageviews', label: 'Ghost page views', type: 'number', fieldType: 'number' },
  { name: 'ghost_first_seen', label: 'Ghost first seen', type: 'datetime', fieldType: 'date' },
  { name: 'ghost_last_seen', label: 'Ghost last seen', type: 'datetime', fieldType: 'date' },
]

export interface CreatePropertiesResult {
  /** Names of the properties that this call created. */
  created: readonly string[]
  /** Names of the properties that existed before. */
  existing: readonly string[]
  /** The first property that HubSpot refused, at which the call stopped; null when all properties exist. */
  failed: { property: string; failure: Failure; status: number | null } | null
}

/** Creates our property group and the properties that HubSpot lacks. A second call changes nothing. */
export async function createHubspotProperties(
  credentials: AccessTokenCredentials,
  webhookUrl: URL,
  ports: { send: SendRequest; now: () => Date; userAgent: string },
): Promise<CreatePropertiesResult> {
  const post = async (path: string, body: object): Promise<Outcome> =>
    (await ports.send(requestOf(credentials, new URL(path, webhookUrl.origin), body, ports.userAgent)))
      .outcome
  const created: string[] = []
  const existing: string[] = []
  const steps = [
    { name: groupName, path: `${propertiesPath}/groups`, body: { name: groupName, label: 'Ghost ID' } },
    ...hubspotProperties.map((property) => ({
      name: property.name,
      path: propertiesPath,
      body: { ...property, groupName },
    })),
  ]
  for (const { name, path, body } of steps) {
    const outcome = await post(path, body)
    const status = outcome.kind === 'answered' ? outcome.status : null
    const failure = failureOf(outcome, credentials, ports.now())
    if (failure !== null && status !== 409)
      return { created, existing, failed: { property: name, failure, status } }
    if (name !== groupName) (status === 409 ? existing : created).push(name)
  }
  return { created, existing, failed: null }
}

function requestOf(
  { access_token }: AccessTokenCredentials,
  url: URL,
  body: object,
  userAgent: string,
): OutboundRequest {
  return {
    url,
    headers: {
      'content-type': 'application/json',
      'user-agent': userAgent,
      authorization: `Bearer ${access_token}`,
    },
    body: JSON.stringify(body),
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
