import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hubspotCrm } from '../../../src/destinations/hubspot/hubspot-crm.ts'
import type { VisitorProfile } from '../../../src/visitors/visitor-profile.ts'
import { anonymousVisitor, documentedOptions, documentedVisitor } from '../../visitors/visitor-factory.ts'
import { httpResponse, brief, failureIn, verdictOn } from '../response-factory.ts'
import { hostileVisitor } from '../hostile-text.ts'

const destination = hubspotCrm({ kind: 'access_token', access_token: 'pat-1' })
const receiverUrl = new URL('https://api-eu1.hubapi.com/crm/v3/objects/contacts?x=1')
const upsertUrl = 'https://api-eu1.hubapi.com/crm/v3/objects/contacts/batch/upsert'

interface Input {
  id: string
  idProperty: string
  objectWriteTraceId: string
  properties: Record<string, string>
}

function inputIn(body: string | null | undefined): Input | undefined {
  const inputs = typeof body === 'string' ? (JSON.parse(body) as { inputs: Input[] }).inputs : []
  expect(inputs.length).toBeLessThanOrEqual(1)
  return inputs[0]
}

function payloadOf(visitor: VisitorProfile): string {
  return JSON.stringify(destination.buildBody(visitor, documentedOptions({ receiverUrl })))
}

function request(visitor: VisitorProfile) {
  return destination.prepareRequest(receiverUrl, 'agent', payloadOf(visitor))
}

type Variant = Readonly<{ method?: string; url: URL; body: string }>

function nextAfter(
  form: Variant | null,
  status: number,
  answer: unknown,
  payload = payloadOf(documentedVisitor()),
): Variant | null {
  if (form === null) throw new Error('there is no earlier request')
  return destination.nextVariant?.(form as never, httpResponse(status, answer), payload) ?? null
}

function propertiesIn(form: Variant | null): Record<string, string> {
  return (JSON.parse(form?.body ?? '{}') as { properties: Record<string, string> }).properties
}

const firstVariant = (visitor: VisitorProfile): Variant => ({ body: '', ...request(visitor) })

const conflict = {
  status: 'error',
  message: 'Contact already exists. Existing ID: 123',
  category: 'CONFLICT',
}
const taken = {
  category: 'VALIDATION_ERROR',
  message: 'Property values were not valid',
  errors: [{ code: 'CONFLICTING_UNIQUE_VALUE', context: { propertyName: ['ghost_visitor_id'] } }],
}
const refused = (code: string, ...propertyName: string[]) => ({
  category: 'VALIDATION_ERROR',
  errors: [{ code, context: { propertyName } }],
})

describe('the request to HubSpot’s CRM API', () => {
  test('upserts one contact by visitor id, with the token', () => {
    const prepared = request(documentedVisitor())
    expect(prepared.url.href).toBe(upsertUrl)
    expect(prepared.headers).toEqual({ authorization: 'Bearer pat-1' })
    expect(inputIn(prepared.body)).toEqual({
      id: 'gv_a1b2c3d4_e5f6g7h8',
      idProperty: 'ghost_visitor_id',
      objectWriteTraceId: 'ghostpost',
      properties: {
        ghost_visitor_id: 'gv_a1b2c3d4_e5f6g7h8',
        email: 'jane@example.com',
        ghost_source: 'GHOST',
        ghost_score: '65',
        ghost_sessions: '3',
        ghost_pageviews: '11',
        ghost_first_seen: '2026-03-02T09:12:11.000Z',
        ghost_last_seen: '2026-03-10T17:14:22.000Z',
      },
    })
  })

  test('omits unknown values, so that it clears no field', () => {
    expect(Object.keys(inputIn(request(anonymousVisitor()).body)?.properties ?? {})).toEqual([
      'ghost_visitor_id',
      'ghost_source',
      'ghost_score',
      'ghost_sessions',
      'ghost_pageviews',
      'ghost_first_seen',
      'ghost_last_seen',
    ])
  })

  test('omits a time that no datetime property accepts', () => {
    const visitor = documentedVisitor({ lastSeen: new Date(8.64e15), firstSeen: new Date(Number.NaN) })
    const properties = inputIn(request(visitor).body)?.properties
    expect(properties).not.toHaveProperty('ghost_last_seen')
    expect(properties).not.toHaveProperty('ghost_first_seen')
  })

  test('has only non-empty texts within the limits, for any visitor', () => {
    fc.assert(
      fc.property(hostileVisitor(), (visitor) => {
        const input = inputIn(request(visitor).body)
        for (const value of Object.values(input?.properties ?? {})) {
          expect(typeof value === 'string' && value !== '' && value.length <= 65_536).toBe(true)
          expect(value.isWellFormed()).toBe(true)
        }
      }),
      { numRuns: 60 },
    )
  })

  test.each(['', 'no json', '{"earlier":true}', 'null', '{"properties":[1,null]}'])(
    'can be built from the payload %j',
    (payload) => {
      expect(() => destination.prepareRequest(receiverUrl, 'agent', payload)).not.toThrow()
    },
  )
})

describe('when another contact has the e-mail address', () => {
  const first = firstVariant(documentedVisitor())
  const emailUrl = 'https://api-eu1.hubapi.com/crm/v3/objects/contacts/jane%40example.com?idProperty=email'

  test.each([
    [409, conflict],
    [409, 'no json'],
    [207, { status: 'COMPLETE', results: [], numErrors: 1, errors: [conflict] }],
    [400, taken],
  ])('the request updates that contact and its visitor id, after %i', (status, answer) => {
    const second = nextAfter(first, status, answer)
    expect(second).toMatchObject({ method: 'PATCH', url: new URL(emailUrl) })
    const { email: _, ...others } = inputIn(first.body)?.properties ?? {}
    expect(propertiesIn(second)).toEqual(others)
  })

  test('and a third has the visitor id, the update omits the visitor id and is the last request', () => {
    const second = nextAfter(first, 409, conflict)
    const third = nextAfter(second, 400, taken)
    expect(third?.url.href).toBe(emailUrl)
    expect(Object.keys(propertiesIn(third))).toEqual(
      Object.keys(propertiesIn(second)).filter((name) => name !== 'ghost_visitor_id'),
    )
    expect(nextAfter(third, 409, conflict)).toBeNull()
    expect(nextAfter(third, 400, taken)).toBeNull()
  })

  test.each([
    [401, { category: 'INVALID_AUTHENTICATION' }],
    [500, ''],
  ])('no other request follows %i', (status, answer) => {
    expect(nextAfter(first, status, answer)).toBeNull()
    expect(nextAfter(nextAfter(first, 409, conflict), status, answer)).toBeNull()
  })
})

describe('a new contact without an e-mail address', () => {
  const first = firstVariant(anonymousVisitor())

  test('gets a last name once, if HubSpot asks for one', () => {
    const payload = payloadOf(anonymousVisitor())
    const answer = { category: 'VALIDATION_ERROR', message: 'at least one of: email' }
    const second = nextAfter(first, 400, answer, payload)
    expect(inputIn(second?.body)?.properties['lastname']).toBe('Unknown (gv_a1b2c3d4_e5f6g7h8)')
    expect(nextAfter(second, 400, { category: 'VALIDATION_ERROR' })).toBeNull()
  })

  test('gets no last name for another error', () => {
    expect(nextAfter(first, 400, refused('PROPERTY_DOESNT_EXIST', 'ghost_score'))).toBeNull()
    expect(nextAfter(first, 409, conflict)).toBeNull()
  })
})

describe('a response of HubSpot’s CRM API', () => {
  test.each([
    [200, { status: 'COMPLETE', results: [{ id: '512' }] }, 'delivered 512'],
    [200, { id: '512', properties: {} }, 'delivered 512'],
    [404, { category: 'OBJECT_NOT_FOUND' }, 'retry hubspot_conflict'],
    [404, '<html>', 'give_up not_found'],
    [201, { status: 'COMPLETE', results: [{ id: '512' }] }, 'delivered 512'],
    [207, { status: 'COMPLETE', results: [{ id: '512' }] }, 'delivered 512'],
    [207, 'cut off', 'retry hubspot_answer_unreadable'],
    [200, { status: 'COMPLETE', results: [] }, 'retry answer_unreadable'],
    [200, { status: 'CANCELED', results: [{ id: '512' }] }, 'retry answer_unreadable'],
    [202, { status: 'PENDING' }, 'retry answer_unreadable'],
    [200, '<html>maintenance</html>', 'retry answer_unreadable'],
    [200, '', 'retry answer_unreadable'],
    [200, '{"status":"COMPLETE","results":[{"id"', 'retry answer_unreadable'],
    [200, { status: 'COMPLETE', results: [{ id: 512 }] }, 'delivered 512'],
    [204, '', 'delivered'],
    [
      400,
      {
        category: 'VALIDATION_ERROR',
        message: 'Unable to perform update/upsert by non-unique 0-1 property x',
      },
      'give_up hubspot_id_not_unique',
    ],
    [207, { numErrors: 1, errors: [refused('INVALID_EMAIL', 'email')] }, 'give_up hubspot_email_invalid'],
    [207, { numErrors: 1, errors: [{ category: 'RATE_LIMITS' }] }, 'retry rate_limited after 10000'],
    [200, { status: 'COMPLETE', numErrors: 1, errors: [{}] }, 'give_up hubspot_write_refused'],
    [401, { category: 'INVALID_AUTHENTICATION' }, 'give_up hubspot_unauthorized'],
    [401, '', 'give_up hubspot_unauthorized'],
    [403, { category: 'MISSING_SCOPES' }, 'give_up hubspot_scope_missing'],
    [409, conflict, 'retry hubspot_conflict'],
    [423, {}, 'retry hubspot_locked after 2000'],
    [429, { policyName: 'DAILY' }, 'retry hubspot_daily_limit after 3600000'],
    [429, { policyName: 'TEN_SECONDLY_ROLLING' }, 'retry rate_limited after 10000'],
    [502, '<html>', 'retry receiver_unavailable'],
  ])('%i %j: %s', (status, body, verdict) => {
    expect(brief(verdictOn(destination, status, body))).toBe(verdict)
  })

  const of = (trace: string, error: object): object => ({
    ...error,
    context: { objectWriteTraceId: [trace] },
  })
  const ours = { id: '512', objectWriteTraceId: 'ghostpost' }
  const theirs = { id: '513', objectWriteTraceId: 'other' }

  test.each([
    [
      'ours is saved, another one is not',
      { results: [ours], errors: [of('other', conflict)] },
      'delivered 512',
    ],
    [
      'another one is saved, ours is not',
      { results: [theirs], errors: [of('ghostpost', conflict)] },
      'retry hubspot_conflict',
    ],
    [
      'both are refused for different reasons',
      { results: [], errors: [of('other', conflict), of('ghostpost', { category: 'RATE_LIMITS' })] },
      'retry rate_limited after 10000',
    ],
    [
      'ours is missing',
      { results: [theirs], errors: [of('other', conflict)] },
      'give_up hubspot_write_refused',
    ],
    ['no record is named', { results: [theirs], errors: [conflict] }, 'retry hubspot_conflict'],
  ])('with 207 has the verdict of our record: %s', (_name, body, verdict) => {
    const numErrors = body.errors.length
    expect(brief(verdictOn(destination, 207, { status: 'COMPLETE', numErrors, ...body }))).toBe(verdict)
  })

  test('names the missing properties and the route that creates them', () => {
    const body = refused('PROPERTY_DOESNT_EXIST', 'ghost_score', 'ghost_source', 'somebody else’s')
    const finding = failureIn(verdictOn(destination, 400, body))
    expect(finding.cause).toBe('hubspot_property_missing')
    expect(finding.remedy).toBe(
      'Create ghost_score, ghost_source on contacts in HubSpot, ' +
        'or call POST /api/destinations/{id}/hubspot-properties.',
    )
  })

  test('never has a cause that only plain mode can have', () => {
    const bodies = [
      [401, { category: 'EXPIRED_AUTHENTICATION' }],
      [409, conflict],
      [400, refused('INVALID_OPTION', 'hs_analytics_source')],
      [400, refused('READ_ONLY_VALUE', 'email')],
      [400, { category: 'VALIDATION_ERROR' }],
    ] as const
    for (const [status, body] of bodies) {
      const { message, remedy } = failureIn(verdictOn(destination, status, body))
      expect(`${message} ${remedy}`).not.toMatch(/workflow|none is sent/)
    }
  })
})
