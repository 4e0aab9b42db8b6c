import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { startReceiver, type ReceivedRequest, type Receiver } from '../receiver/receiver.ts'
import { openRollingLimit, type RollingLimit } from '../receiver/rolling-limit.ts'
import { ContactStore, type PropertyDefinition } from './contact-store.ts'
import {
  expiredToken,
  missingScope,
  missingToken,
  ok,
  rateLimited,
  refusal,
  type HubspotResponse,
} from './hubspot-responses.ts'

/** A fault of the next request: a limit, a lock, or a response that is lost after HubSpot has saved the contact. */
export type HubspotFault =
  | 'rate_limited'
  | 'daily_limit'
  | 'locked'
  | 'expired_token'
  | 'answer_lost'
  | 'hidden_error'

export interface HubspotFake {
  receiver: Receiver
  /** Origin, for the base path of a client and for webhook URLs. */
  url: string
  token: string
  scopes: Set<string>
  store: ContactStore
  failNext: (...faults: HubspotFault[]) => void
  /** Enforces a rolling limit: of requests in any period of `windowMs`. A request above it gets 429. */
  limit: (requests: number, windowMs: number) => void
  /** The number of requests above the limit. */
  refused: () => number
  stop: () => Promise<void>
}

/**
 * HubSpot's CRM API for contacts: a real server in memory, with HubSpot's rules and error formats. The tests of this
 * package check it with HubSpot's own client.
 */
export async function startHubspotFake(): Promise<HubspotFake> {
  const receiver = await startReceiver()
  const store = new ContactStore()
  const token = `pat-na1-${randomUUID()}`
  const scopes = new Set([
    'crm.objects.contacts.write',
    'crm.objects.contacts.read',
    'crm.schemas.contacts.write',
  ])
  const faults: HubspotFault[] = []
  let limit: RollingLimit | null = null
  receiver.always((_request, response) => {
    const request = receiver.requests.at(-1)
    if (!request) throw new Error('the request log is empty')
    const remaining = limit?.take() ?? null
    if (remaining !== null && remaining < 0) return send(response, rateLimited('TEN_SECONDLY_ROLLING'))
    const fault = faults.shift()
    const reply = (fault && faultResponse(fault)) ?? handle({ store, token, scopes }, request)
    const headers = limit === null || remaining === null ? {} : limitHeaders(limit, remaining)
    if (fault === 'answer_lost') response.destroy()
    else send(response, { ...reply, headers: { ...headers, ...reply.headers } })
  })
  const failNext = (...next: HubspotFault[]): void => void faults.push(...next)
  return {
    receiver,
    url: receiver.origin,
    token,
    scopes,
    store,
    failNext,
    limit: (requests, windowMs) => {
      limit = openRollingLimit(requests, windowMs)
    },
    refused: () => limit?.refused() ?? 0,
    stop: () => receiver.stop(),
  }
}

/** https://developers.hubspot.com/docs/developer-tooling/platform/usage-guidelines */
function limitHeaders({ requests, windowMs }: RollingLimit, remaining: number): Record<string, string> {
  return {
    'x-hubspot-ratelimit-max': String(requests),
    'x-hubspot-ratelimit-remaining': String(remaining),
    'x-hubspot-ratelimit-interval-milliseconds': String(windowMs),
  }
}

function faultResponse(fault: HubspotFault): HubspotResponse | undefined {
  switch (fault) {
    case 'rate_limited':
      return rateLimited('TEN_SECONDLY_ROLLING')
    case 'daily_limit':
      return rateLimited('DAILY')
    case 'locked':
      return refusal(423, 'RESOURCE_LOCKED', 'This resource is locked.')
    case 'expired_token':
      return expiredToken()
    case 'hidden_error':
      return multiStatus([refusal(500, 'INTERNAL_ERROR', 'something went wrong').body])
    case 'answer_lost':
      return undefined
  }
}

interface Account {
  store: ContactStore
  token: string
  scopes: ReadonlySet<string>
}

function handle(account: Account, request: ReceivedRequest): HubspotResponse {
  const url = new URL(request.path, 'http://fake')
  const path = url.pathname.replace(/^\/crm\/(v3\/objects|objects\/\d{4}-\d{2})\//, '/objects/')
  if (url.pathname.startsWith('/automation/v4/webhook-triggers/')) return ok(202, { id: randomUUID() })
  if (request.headers.authorization !== `Bearer ${account.token}`) return missingToken()
  const scope = scopeOf(request.method, path)
  if (!account.scopes.has(scope)) return missingScope(scope)
  const body = readBody(request)
  if (body === undefined) return refusal(400, 'VALIDATION_ERROR', 'Invalid input JSON')
  if (path.startsWith('/objects/contacts')) return contacts(account.store, request.method, path, url, body)
  const one = /^\/crm\/v3\/properties\/contacts\/(\w+)$/.exec(url.pathname)?.[1]
  if (one !== undefined && one !== 'groups' && request.method === 'GET') {
    const found = account.store.properties.get(one)
    return found
      ? ok(200, shownProperty(found))
      : refusal(404, 'OBJECT_NOT_FOUND', `Property ${one} does not exist`)
  }
  const property = /^\/crm\/(v3\/properties|properties\/\d{4}-\d{2})\/contacts(\/groups)?$/.exec(url.pathname)
  if (property) return properties(account.store, request.method, property[2] !== undefined, body)
  return refusal(404, 'OBJECT_NOT_FOUND', 'resource not found')
}

function scopeOf(method: string, path: string): string {
  if (!path.startsWith('/objects/')) return 'crm.schemas.contacts.write'
  return method === 'GET' ? 'crm.objects.contacts.read' : 'crm.objects.contacts.write'
}

function readBody({ body, json }: ReceivedRequest): Record<string, unknown> | undefined {
  try {
    return body === '' ? {} : (json() as Record<string, unknown>)
  } catch {
    return undefined
  }
}

function contacts(
  store: ContactStore,
  method: string,
  path: string,
  url: URL,
  body: Record<string, unknown>,
): HubspotResponse {
  if (method === 'POST' && path === '/objects/contacts') return store.create(body['properties'])
  if (method === 'POST' && path === '/objects/contacts/batch/upsert')
    return batchUpsert(store, body['inputs'])
  const id = decodeURIComponent(path.slice('/objects/contacts/'.length))
  const contact = store.find(url.searchParams.get('idProperty'), id)
  if (!contact) return refusal(404, 'OBJECT_NOT_FOUND', `Object not found.  objectId are usually numeric.`)
  return method === 'PATCH' ? store.update(contact, body['properties']) : ok(200, contact)
}

/** An invalid input refuses a batch of one. In a larger batch its error is listed beside the results. */
function batchUpsert(store: ContactStore, inputs: unknown): HubspotResponse {
  if (!Array.isArray(inputs) || inputs.length === 0 || inputs.length > 100) {
    return refusal(400, 'VALIDATION_ERROR', 'Invalid input JSON: inputs')
  }
  const responses = inputs.map((input) => withTraceId(input as BatchInput, store.upsert(input as object)))
  const refused = responses.filter(({ status }) => status >= 300)
  if (inputs.length === 1 && refused[0]) return refused[0]
  const results = responses.filter(({ status }) => status < 300).map(({ body }) => body)
  return refused.length > 0
    ? multiStatus(
        refused.map(({ body }) => body),
        results,
      )
    : ok(200, completed(results))
}

interface BatchInput {
  objectWriteTraceId?: string
}

/** The caller's trace id of an input is repeated in its result or in the context of its error. */
function withTraceId(
  { objectWriteTraceId: trace }: BatchInput,
  { status, body }: HubspotResponse,
): HubspotResponse {
  if (trace === undefined) return { status, body }
  const names = status < 300 ? { objectWriteTraceId: trace } : { context: { objectWriteTraceId: [trace] } }
  return { status, body: { ...(body as object), ...names } }
}

function completed(results: readonly unknown[]): Record<string, unknown> {
  const now = new Date().toISOString()
  return { status: 'COMPLETE', results, startedAt: now, completedAt: now }
}

function multiStatus(errors: readonly unknown[], results: readonly unknown[] = []): HubspotResponse {
  return { status: 207, body: { ...completed(results), numErrors: errors.length, errors } }
}

/** A property as HubSpot shows it. */
function shownProperty({ options = [], isReadOnly = false, ...property }: PropertyDefinition): object {
  return {
    ...property,
    options: options.map((value, displayOrder) => ({ label: value, value, displayOrder, hidden: false })),
    modificationMetadata: { archivable: true, readOnlyDefinition: false, readOnlyValue: isReadOnly },
  }
}

function properties(
  store: ContactStore,
  method: string,
  isGroup: boolean,
  body: Record<string, unknown>,
): HubspotResponse {
  const name = String(body['name'])
  if (method === 'GET') return ok(200, { results: [...store.properties.values()].map(shownProperty) })
  const exists = isGroup ? store.groups.has(name) : store.properties.has(name)
  if (exists) {
    return refusal(
      409,
      'OBJECT_ALREADY_EXISTS',
      `A ${isGroup ? 'group' : 'property'} named '${name}' already exists.`,
    )
  }
  if (isGroup) store.groups.add(name)
  else {
    const complete = ['label', 'type', 'fieldType', 'groupName'].every((key) => typeof body[key] === 'string')
    if (!complete)
      return refusal(400, 'VALIDATION_ERROR', 'Invalid input JSON: some required fields were not set')
    if (!store.groups.has(String(body['groupName']))) {
      return refusal(400, 'VALIDATION_ERROR', `Property group ${String(body['groupName'])} does not exist`)
    }
    store.properties.set(name, body as unknown as PropertyDefinition)
  }
  return ok(201, { ...body, archived: false })
}

function send(response: ServerResponse, { status, body, headers }: HubspotResponse): void {
  response.writeHead(status, { 'content-type': 'application/json;charset=utf-8', ...headers })
  response.end(JSON.stringify(body))
}
