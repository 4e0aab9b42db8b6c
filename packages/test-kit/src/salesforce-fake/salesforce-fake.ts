import { generateKeyPairSync, randomBytes } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { startReceiver, type ReceivedRequest, type Receiver } from '../receiver/receiver.ts'
import { LeadStore, refusal, type SalesforceResponse } from './lead-store.ts'
import { respondToTokenRequest, type ConnectedApp } from './token-endpoint.ts'

/** A fault of the next data request. */
export type SalesforceFault =
  | 'row_locked'
  | 'request_limit'
  | 'several_match'
  | 'unavailable'
  | 'duplicate'
  | 'answer_lost'
  | 'echo_token'

export interface SalesforceFake {
  receiver: Receiver
  url: string
  app: Omit<ConnectedApp, 'certificate'>
  /** The private key of the connected app: RSA, PKCS#8, PEM. */
  privateKey: string
  store: LeadStore
  /** The number of issued tokens. */
  tokensIssued: () => number
  /** Every issued token. */
  tokens: ReadonlySet<string>
  /** Ends every session. Tokens of new sessions are valid. */
  endSessions: () => void
  failNext: (...faults: SalesforceFault[]) => void
  /** Responses to the next token requests, one each. */
  failNextToken: (...responses: SalesforceResponse[]) => void
  stop: () => Promise<void>
}

/**
 * Salesforce's token endpoint and REST API for Leads: a real server in memory, with Salesforce's rules and error
 * formats. The tests of this package check it with jsforce.
 */
export async function startSalesforceFake(): Promise<SalesforceFake> {
  const receiver = await startReceiver()
  const store = new LeadStore()
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  const app: ConnectedApp = {
    clientId: `3MVG9.${randomBytes(12).toString('hex')}`,
    clientSecret: randomBytes(32).toString('hex').toUpperCase(),
    username: 'ghost@example.com',
    audience: receiver.origin,
    certificate: publicKey,
  }
  const sessions = new Set<string>()
  const tokens = new Set<string>()
  const faults: SalesforceFault[] = []
  const tokenResponses: SalesforceResponse[] = []
  const issueToken = (): string => {
    const token = `00D000000000001!${randomBytes(24).toString('base64url')}`
    sessions.add(token)
    tokens.add(token)
    return token
  }
  receiver.always((_request, response) => {
    const request = receiver.requests.at(-1)
    if (!request) throw new Error('the request log is empty')
    if (request.path === '/services/oauth2/token') {
      const planned = tokenResponses.shift()
      return send(response, planned ?? respondToTokenRequest(app, request.body, receiver.origin, issueToken))
    }
    const fault = faults.shift()
    const reply = (fault && faultResponse(fault, request)) ?? handle(store, sessions, request)
    return fault === 'answer_lost' ? void response.destroy() : send(response, reply)
  })
  return {
    receiver,
    url: receiver.origin,
    app,
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    store,
    tokensIssued: () => tokens.size,
    tokens,
    endSessions: () => sessions.clear(),
    failNext: (...next) => void faults.push(...next),
    failNextToken: (...responses) => void tokenResponses.push(...responses),
    stop: () => receiver.stop(),
  }
}

function faultResponse(fault: SalesforceFault, request: ReceivedRequest): SalesforceResponse | undefined {
  switch (fault) {
    case 'row_locked':
      return refusal(400, 'UNABLE_TO_LOCK_ROW', 'unable to obtain exclusive access to this record')
    case 'request_limit':
      return refusal(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.')
    case 'several_match':
      return {
        status: 300,
        body: ['/services/data/v66.0/sobjects/Lead/00Q1', '/services/data/v66.0/sobjects/Lead/00Q2'],
      }
    case 'unavailable':
      return { status: 503, body: '<html><body>Down for maintenance</body></html>' }
    case 'duplicate':
      return refusal(
        400,
        'DUPLICATE_VALUE',
        'duplicate value found: Ghost_Visitor_ID__c duplicates value on record',
      )
    case 'echo_token':
      return refusal(400, 'INVALID_HEADER', `cannot read ${String(request.headers.authorization)}`)
    case 'answer_lost':
      return undefined
  }
}

function handle(
  store: LeadStore,
  sessions: ReadonlySet<string>,
  request: ReceivedRequest,
): SalesforceResponse {
  const token = /^(?:Bearer|OAuth) (.+)$/.exec(request.headers.authorization ?? '')?.[1]
  if (token === undefined || !sessions.has(token)) {
    return refusal(401, 'INVALID_SESSION_ID', 'Session expired or invalid')
  }
  const path = new URL(request.path, 'http://fake').pathname
  const contactId = /\/sobjects\/Contact\/(\w+)$/.exec(path)?.[1]
  if (contactId !== undefined) return contactById(store, request, contactId)
  const [, rest] = /^\/services\/data\/v\d+\.\d\/sobjects\/Lead(.*)$/.exec(path) ?? []
  if (rest === undefined) return refusal(404, 'NOT_FOUND', 'The requested resource does not exist')
  const [first = '', value] = rest.split('/').filter(Boolean).map(decodeURIComponent)
  const body = readBody(request)
  if (body === undefined) return refusal(400, 'JSON_PARSER_ERROR', 'Unexpected character in the content')
  if (first === 'describe') return { status: 200, body: store.describe() }
  if (first === '') return request.method === 'POST' ? store.create(body) : methodNotAllowed(request.method)
  if (value !== undefined && request.method === 'PATCH') return store.upsert(first, value, body)
  return byId(store, request.method, first, value, body)
}

function contactById(store: LeadStore, request: ReceivedRequest, id: string): SalesforceResponse {
  if (request.method === 'PATCH') return store.updateContact(id, readBody(request) ?? {})
  const contact = store.contacts.get(id)
  return contact
    ? { status: 200, body: { attributes: { type: 'Contact' }, ...contact } }
    : refusal(404, 'NOT_FOUND', 'The requested resource does not exist')
}

function byId(
  store: LeadStore,
  method: string,
  id: string,
  value: string | undefined,
  body: Record<string, unknown>,
): SalesforceResponse {
  const lead = [...store.leads.values()].find((lead) =>
    value === undefined ? lead.Id === id : lead[id] === value,
  )
  if (value === undefined && store.deleted.has(id))
    return refusal(404, 'ENTITY_IS_DELETED', 'entity is deleted')
  if (!lead)
    return refusal(404, 'NOT_FOUND', 'Provided external ID field does not exist or is not accessible')
  if (method === 'GET') return { status: 200, body: { attributes: { type: 'Lead' }, ...store.shown(lead) } }
  return method === 'PATCH' ? store.update(lead, body) : methodNotAllowed(method)
}

function methodNotAllowed(method: string): SalesforceResponse {
  return refusal(405, 'METHOD_NOT_ALLOWED', `HTTP Method '${method}' not allowed. Allowed are HEAD,GET,POST`)
}

function readBody({ body, json }: ReceivedRequest): Record<string, unknown> | undefined {
  try {
    return body === '' ? {} : (json() as Record<string, unknown>)
  } catch {
    return undefined
  }
}

function send(response: ServerResponse, { status, body }: SalesforceResponse): void {
  const isHtml = typeof body === 'string'
  response.writeHead(status, { 'content-type': isHtml ? 'text/html' : 'application/json;charset=UTF-8' })
  response.end(body === undefined ? undefined : isHtml ? body : JSON.stringify(body))
}
