import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { salesforceUpsert } from '../../../src/destinations/salesforce/salesforce-upsert.ts'
import type { VisitorProfile } from '../../../src/visitors/visitor-profile.ts'
import { anonymousVisitor, documentedOptions, documentedVisitor } from '../../visitors/visitor-factory.ts'
import { httpResponse, brief, failureIn, verdictOn } from '../response-factory.ts'
import { hostileVisitor } from '../hostile-text.ts'

const destination = salesforceUpsert({ kind: 'client_credentials', client_id: 'a', client_secret: 'b' })
const receiverUrl = new URL('https://ghost.my.salesforce.com/services/data/v61.0/sobjects/Lead')
const missing = [
  { errorCode: 'REQUIRED_FIELD_MISSING', message: 'Required', fields: ['LastName', 'Company'] },
]
const lengths = { LastName: 80, Company: 255, City: 40, Country: 80, Email: 80 }

function payloadOf(visitor: VisitorProfile, url = receiverUrl): string {
  return JSON.stringify(destination.buildBody(visitor, documentedOptions({ receiverUrl: url })))
}

function request(visitor: VisitorProfile, url = receiverUrl) {
  return destination.prepareRequest(url, 'agent', payloadOf(visitor, url))
}

function leadOf(visitor: VisitorProfile): Record<string, unknown> {
  return JSON.parse(request(visitor).body || '{}') as Record<string, unknown>
}

function completed(visitor: VisitorProfile, answer: unknown = missing): Record<string, unknown> | null {
  const { url, body = '' } = request(visitor)
  const response = httpResponse(400, answer)
  const next = destination.nextVariant?.({ method: 'PATCH', url, body }, response, payloadOf(visitor)) ?? null
  return next === null ? null : (JSON.parse(next.body) as Record<string, unknown>)
}

describe('the request to Salesforce', () => {
  test('upserts a Lead with the external id in the path and not in the body', () => {
    const prepared = request(documentedVisitor({ name: 'Jane Doe', company: 'Example Ltd' }))
    expect(prepared.method).toBe('PATCH')
    expect(prepared.url.href).toBe(
      'https://ghost.my.salesforce.com/services/data/v61.0/sobjects/Lead/Ghost_Visitor_ID__c/gv_a1b2c3d4_e5f6g7h8',
    )
    expect(JSON.parse(prepared.body ?? '')).toEqual({
      Email: 'jane@example.com',
      Ghost_Score__c: 65,
      Ghost_Sessions__c: 3,
      Ghost_Pageviews__c: 11,
    })
  })

  test('sets the values that people enter too when the Lead is created', () => {
    expect(completed(documentedVisitor({ name: 'Jane Doe', company: 'Example Ltd' }))).toEqual({
      Email: 'jane@example.com',
      City: 'Austin',
      Country: 'United States',
      LeadSource: 'GHOST Visitor Intelligence',
      Ghost_Score__c: 65,
      Ghost_Sessions__c: 3,
      Ghost_Pageviews__c: 11,
      FirstName: 'Jane',
      LastName: 'Doe',
      Company: 'Example Ltd',
    })
  })

  test.each(['https://ghost.my.salesforce.com', 'https://ghost.my.salesforce.com/services/apexrest/x'])(
    'uses the default version if %s names none',
    (url) => {
      const { pathname } = request(documentedVisitor(), new URL(url)).url
      expect(pathname).toBe('/services/data/v66.0/sobjects/Lead/Ghost_Visitor_ID__c/gv_a1b2c3d4_e5f6g7h8')
    },
  )

  test('omits unknown values, so that it clears no field', () => {
    expect(Object.keys(leadOf(anonymousVisitor()))).toEqual([
      'Ghost_Score__c',
      'Ghost_Sessions__c',
      'Ghost_Pageviews__c',
    ])
  })

  test('escapes the external id', () => {
    const { url } = request(documentedVisitor({ ghostVid: 'gv_a/b?c#d ä%' }))
    expect(url.pathname.split('/').at(-1)).toBe('gv_a%2Fb%3Fc%23d%20%C3%A4%25')
    expect(url.search + url.hash).toBe('')
  })

  test('stays within the lengths and has no null, for any visitor and in both forms', () => {
    fc.assert(
      fc.property(hostileVisitor(), (visitor) => {
        for (const lead of [leadOf(visitor), completed(visitor) ?? leadOf(visitor)]) {
          expect(lead).not.toHaveProperty('Ghost_Visitor_ID__c')
          expect(Object.values(lead).every((value) => value !== null)).toBe(true)
          for (const [name, max] of Object.entries(lengths)) {
            expect(typeof lead[name] === 'string' ? lead[name].length : 0).toBeLessThanOrEqual(max)
          }
        }
      }),
      { numRuns: 60 },
    )
  })

  test.each(['', 'no json', 'null', '{"earlier":true}'])('can be built from the payload %j', (payload) => {
    expect(() => destination.prepareRequest(receiverUrl, 'agent', payload)).not.toThrow()
  })

  test('also works with a payload that was built before the destination had credentials', () => {
    const payload = '{"Ghost_Visitor_ID__c":"gv_1","Email":null,"City":"Austin"}'
    const prepared = destination.prepareRequest(receiverUrl, 'agent', payload)
    expect([prepared.url.pathname.endsWith('/gv_1'), prepared.body]).toEqual([true, '{}'])
  })
})

describe('a new Lead', () => {
  test.each<[string, VisitorProfile, object]>([
    ['the id', anonymousVisitor(), { LastName: 'Unknown (gv_a1b2c3d4_e5f6g7h8)', Company: '[not provided]' }],
    ['the e-mail address', documentedVisitor(), { LastName: 'jane', Company: '[not provided]' }],
    [
      'the known fields',
      documentedVisitor({ company: 'Example Ltd' }),
      { LastName: 'jane', Company: 'Example Ltd' },
    ],
  ])('gets its required fields from %s if Salesforce asks for them', (_name, visitor, expected) => {
    expect(completed(visitor)).toMatchObject(expected)
  })

  test('gets them only after this error, and only once', () => {
    expect(
      completed(anonymousVisitor(), [{ errorCode: 'INVALID_FIELD', message: '', fields: [] }]),
    ).toBeNull()
    const { url } = request(anonymousVisitor())
    const body = JSON.stringify(completed(anonymousVisitor()))
    const payload = payloadOf(anonymousVisitor())
    expect(destination.nextVariant?.({ url, body }, httpResponse(400, missing), payload)).toBeNull()
  })
})

describe('a response of Salesforce in CRM mode', () => {
  const error = (errorCode: string, message = ''): unknown => [{ errorCode, message, fields: [] }]

  test.each([
    [201, { id: '00Q1', success: true }, 'delivered 00Q1'],
    [200, { id: '00Q1', success: true }, 'delivered 00Q1'],
    [204, '', 'delivered'],
    [200, { success: true }, 'delivered'],
    [
      200,
      { id: null, success: false, errors: [{ statusCode: 'X', message: 'no' }] },
      'give_up salesforce_write_refused',
    ],
    [
      200,
      { success: false, errors: [{ statusCode: 'STRING_TOO_LONG', message: 'x', fields: ['City'] }] },
      'give_up salesforce_text_too_long',
    ],
    [200, '<html>maintenance</html>', 'retry answer_unreadable'],
    [201, '', 'retry answer_unreadable'],
    [404, error('NOT_FOUND', 'The requested resource does not exist'), 'give_up salesforce_version_unknown'],
    [400, error('CANNOT_UPDATE_CONVERTED_LEAD'), 'give_up salesforce_lead_converted'],
    [404, error('ENTITY_IS_DELETED'), 'give_up salesforce_record_deleted'],
    [300, ['/a', '/b'], 'give_up salesforce_several_match'],
    [400, error('DUPLICATE_VALUE'), 'retry salesforce_duplicate_race'],
    [400, error('UNABLE_TO_LOCK_ROW'), 'retry salesforce_row_locked'],
    [400, error('STRING_TOO_LONG'), 'give_up salesforce_text_too_long'],
    [401, error('INVALID_SESSION_ID'), 'give_up salesforce_session_refused'],
    [401, '', 'give_up salesforce_session_refused'],
    [403, error('REQUEST_LIMIT_EXCEEDED'), 'retry salesforce_request_limit after 1800000'],
    [404, error('NOT_FOUND'), 'give_up salesforce_external_id_missing'],
    [503, '<html>', 'retry receiver_unavailable'],
  ])('%i %j: %s', (status, body, verdict) => {
    expect(brief(verdictOn(destination, status, body))).toBe(verdict)
  })

  test('never has a cause that only plain mode can have', () => {
    for (const code of ['INVALID_SESSION_ID', 'DUPLICATE_VALUE']) {
      const { message, remedy } = failureIn(verdictOn(destination, 400, error(code)))
      expect(`${message} ${remedy}`).not.toMatch(/none is sent|delete it|Apex/)
    }
  })

  test.each([
    [401, '', true],
    [403, error('INVALID_SESSION_ID'), true],
    [403, error('REQUEST_LIMIT_EXCEEDED'), false],
    [200, {}, false],
  ])('%i refuses the token: %j %s', (status, body, refused) => {
    expect(destination.access?.isRefused(httpResponse(status, body))).toBe(refused)
  })
})
