import { describe, expect, test } from 'vitest'
import type { AccessResult, AccessRequest } from '../../src/deliver/access.ts'
import { sendWithAccess } from '../../src/deliver/send-with-access.ts'
import type { Credentials } from '../../src/destinations/credentials.ts'
import { destinationOf } from '../../src/destinations/registry.ts'
import type { Outcome } from '../../src/deliver/outcome.ts'
import type { OutboundRequest } from '../../src/deliver/ports.ts'
import { httpResponse } from '../destinations/response-factory.ts'

const salesforceCredentials: Credentials = { kind: 'client_credentials', client_id: 'a', client_secret: 'b' }
const hubspotCredentials: Credentials = { kind: 'access_token', access_token: 'pat-1' }
const expired = httpResponse(401, [{ errorCode: 'INVALID_SESSION_ID' }])
const conflict = httpResponse(409, { category: 'CONFLICT' })
const written = httpResponse(200, { id: '1' })

interface SendScenario {
  outcomes: Outcome[]
  access?: AccessResult[]
  credentials?: Credentials
  body?: string
  path?: string
  /** Duration of every request. */
  requestMs?: number
}

async function sendScenario({
  outcomes,
  access = [],
  credentials,
  body = '{}',
  path = '/services/data?x=1',
  requestMs = 0,
}: SendScenario) {
  const sent: OutboundRequest[] = []
  const accessRequests: AccessRequest[] = []
  let clock = 0
  const result = await sendWithAccess(
    {
      destination: destinationOf(
        credentials?.kind === 'access_token' ? 'hubspot' : 'salesforce',
        credentials ?? null,
      ),
      destinationId: 'd-1',
      webhookUrl: 'https://ghost.my.salesforce.com/',
      payload: '{}',
      request: {
        url: new URL(path, 'https://ghost.my.salesforce.com'),
        headers: { authorization: 'Bearer pat-1' },
        body,
        signing: null,
        freshConnection: false,
      },
      withinMs: 10_000,
    },
    {
      now: () => new Date(clock),
      send: (request) => {
        sent.push(request)
        clock += requestMs
        const outcome = outcomes[sent.length - 1] ?? written
        return Promise.resolve({ outcome, startedAt: new Date(0), durationMs: requestMs })
      },
      authorize: (request) => {
        accessRequests.push(request)
        clock += requestMs
        return Promise.resolve(access[accessRequests.length - 1] ?? granted('t-last'))
      },
    },
  )
  return { result, sent, accessRequests }
}

const granted = (token: string, origin = 'https://na1.salesforce.com'): AccessResult => ({
  kind: 'granted',
  token,
  origin,
  lifetimeMs: 1_000,
})

const failed: AccessResult = { kind: 'failed', failure: { kind: 'key_unusable' } }

describe('a request in plain mode', () => {
  test('is sent once, unchanged and without a token', async () => {
    const { sent, accessRequests } = await sendScenario({ outcomes: [expired] })
    expect([sent.length, accessRequests.length]).toEqual([1, 0])
    expect(sent[0]?.withinMs).toBeUndefined()
  })
})

describe('a request that needs an access token', () => {
  const credentials = salesforceCredentials

  test('is sent with the token to the origin of the token', async () => {
    const { sent } = await sendScenario({ credentials, outcomes: [written], access: [granted('t-1')] })
    expect(sent).toMatchObject([
      {
        url: new URL('https://na1.salesforce.com/services/data?x=1'),
        headers: { authorization: 'Bearer t-1' },
      },
    ])
  })

  test('is sent again with a renewed token when the first one is refused, within one deadline', async () => {
    const access = [granted('t-1'), granted('t-2')]
    const { result, sent, accessRequests } = await sendScenario({
      credentials,
      outcomes: [expired],
      access,
      requestMs: 1_000,
    })
    expect(accessRequests.map(({ refusedToken: refused }) => refused)).toEqual([null, 't-1'])
    expect(sent.map(({ headers }) => headers['authorization'])).toEqual(['Bearer t-1', 'Bearer t-2'])
    expect([
      accessRequests[0]?.withinMs,
      sent[0]?.withinMs,
      accessRequests[1]?.withinMs,
      sent[1]?.withinMs,
    ]).toEqual([10_000, 9_000, 8_000, 7_000])
    expect(result).toMatchObject({ outcome: { status: 200 }, durationMs: 4_000 })
  })

  test('returns the refusal when the renewed token is refused, too', async () => {
    const { result, sent } = await sendScenario({ credentials, outcomes: [expired, expired, expired] })
    expect([sent.length, result.outcome]).toMatchObject([2, { kind: 'answered', status: 401 }])
  })

  test.each([[[failed]], [[granted('t-1'), failed]]])('is not sent without a token', async (access) => {
    const { result, sent } = await sendScenario({ credentials, outcomes: [expired], access })
    expect(sent).toHaveLength(access.length - 1)
    expect(result.outcome).toEqual({ kind: 'authorization_failed', failure: { kind: 'key_unusable' } })
  })

  test('has the proxy’s failure as outcome when the egress proxy prevents the token request', async () => {
    const failure = { kind: 'proxy_failed', code: 'PROXY_CLOSED' } as const
    const { result, sent } = await sendScenario({
      credentials,
      outcomes: [],
      access: [{ kind: 'failed', failure }],
    })
    expect([sent, result.outcome]).toEqual([[], failure])
  })

  test('has its token masked in the stored response', async () => {
    const echo = { ...httpResponse(400, 'you sent t-1!'), headers: { 'x-echo': 'Bearer t-1' } }
    const { result } = await sendScenario({ credentials, outcomes: [echo], access: [granted('t-1')] })
    expect(result.outcome).toMatchObject({ body: 'you sent ***!', headers: { 'x-echo': 'Bearer ***' } })
  })

  test('has an unknown outcome if its last request has', async () => {
    const lost: Outcome = { kind: 'connection_lost', code: 'ECONNRESET' }
    const { result } = await sendScenario({ credentials, outcomes: [expired, lost] })
    expect(result.outcome).toEqual(lost)
  })
})

describe('a request with alternative forms', () => {
  const credentials = hubspotCredentials
  const properties = { ghost_visitor_id: 'gv_1', email: 'a@b.cd' }
  const path = '/crm/v3/objects/contacts/batch/upsert'
  const body = JSON.stringify({ inputs: [{ id: 'gv_1', idProperty: 'ghost_visitor_id', properties }] })

  test('is sent in the next form until one is accepted', async () => {
    const { result, sent } = await sendScenario({ credentials, path, body, outcomes: [conflict, written] })
    expect([sent.length, result.outcome]).toMatchObject([2, { status: 200 }])
    expect(sent[1]).toMatchObject({ method: 'PATCH', headers: { authorization: 'Bearer pat-1' } })
    expect(sent[1]?.url.search).toBe('?idProperty=email')
  })

  test('ends when no further form is left', async () => {
    const outcomes = [conflict, conflict, conflict, conflict]
    const { result, sent } = await sendScenario({ credentials, path, body, outcomes })
    expect([sent.length, result.outcome]).toMatchObject([3, { status: 409 }])
  })

  test('has its token masked in the stored response', async () => {
    const { result } = await sendScenario({ credentials, path, body, outcomes: [httpResponse(400, 'pat-1')] })
    expect(result.outcome).toMatchObject({ body: '***' })
  })
})
