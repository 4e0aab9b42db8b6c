import { describe, expect, test } from 'vitest'
import { hubspotDestination } from '../../../src/destinations/hubspot/hubspot.ts'
import { brief, failureIn, verdictOn } from '../response-factory.ts'

function error(category: string, more: object = {}) {
  return { status: 'error', message: 'Something is wrong.', correlationId: 'c0ffee', category, ...more }
}

function invalid(...complaints: readonly (readonly [code: string, ...names: string[]])[]) {
  const errors = complaints.map(([code, ...propertyName]) => ({
    message: `${propertyName.join()} is wrong`,
    code,
    context: { propertyName },
  }))
  return error('VALIDATION_ERROR', { errors })
}

function judged(status: number, body: unknown = '', headers: Readonly<Record<string, string>> = {}): string {
  return brief(verdictOn(hubspotDestination, status, body, headers))
}

describe('a contact that HubSpot saved', () => {
  test.each<[string, number, unknown, string]>([
    [
      'a created contact',
      201,
      { id: '501', properties: {}, createdAt: '2026-01-01T00:00:00Z' },
      'delivered 501',
    ],
    ['a workflow’s trigger', 202, { id: 'b0d3f1aa-1' }, 'delivered b0d3f1aa-1'],
    ['no body', 204, '', 'delivered'],
    ['a body that is not JSON', 200, '<html>ok</html>', 'delivered'],
    ['a body that breaks off', 201, '{"id":"50', 'delivered'],
    ['an invalid id', 200, { id: { a: 1 } }, 'delivered'],
    ['a completed batch', 201, { status: 'COMPLETE', results: [{ id: '7' }] }, 'delivered 7'],
    [
      'a batch with an empty list of errors',
      207,
      { status: 'COMPLETE', results: [{ id: '7' }], errors: [] },
      'delivered 7',
    ],
    ['numErrors 0', 200, { status: 'COMPLETE', results: [], numErrors: 0 }, 'delivered'],
  ])('is delivered for %s', (_, status, body, expected) => {
    expect(judged(status, body)).toBe(expected)
  })
})

const complete = (more: object) => ({ status: 'COMPLETE', results: [], ...more })

describe('an error that HubSpot puts into a success', () => {
  test.each<[string, number, unknown, string]>([
    [
      '207 with a conflict',
      207,
      complete({ numErrors: 1, errors: [error('CONFLICT')] }),
      'give_up hubspot_contact_exists',
    ],
    [
      '200 with a missing property',
      200,
      complete({ numErrors: 1, errors: [invalid(['PROPERTY_DOESNT_EXIST', 'ghost_score'])] }),
      'give_up hubspot_property_missing',
    ],
    [
      'an unknown error',
      207,
      complete({ errors: [error('SOMETHING_NEW')] }),
      'give_up hubspot_write_refused',
    ],
    ['an error that is not an object', 207, complete({ errors: ['no'] }), 'give_up hubspot_write_refused'],
    ['a count without a list', 207, complete({ numErrors: 1 }), 'give_up hubspot_write_refused'],
    ['status "error"', 200, error('VALIDATION_ERROR'), 'give_up hubspot_validation'],
    ['status "error" and nothing else', 200, { status: 'error' }, 'give_up hubspot_write_refused'],
    [
      '207 with a failure of HubSpot itself',
      207,
      complete({ numErrors: 1, errors: [error('INTERNAL_ERROR')] }),
      'retry hubspot_internal_error',
    ],
    ['status "error" and a failure of its own', 200, error('INTERNAL_ERROR'), 'retry hubspot_internal_error'],
    ['a rate limit', 207, complete({ errors: [error('RATE_LIMITS')] }), 'retry rate_limited after 10000'],
  ])('is found in %s', (_, status, body, expected) => {
    expect(judged(status, body)).toBe(expected)
  })
})

describe('a response of HubSpot that asks for a later retry', () => {
  const tenSecondly = error('RATE_LIMITS', { errorType: 'RATE_LIMIT', policyName: 'TEN_SECONDLY_ROLLING' })
  const daily = error('RATE_LIMITS', { errorType: 'RATE_LIMIT', policyName: 'DAILY' })

  test.each<[string, number, unknown, Record<string, string>, string]>([
    ['for ten seconds by default', 429, tenSecondly, {}, 'retry rate_limited after 10000'],
    ['for as long as it says', 429, tenSecondly, { 'retry-after': '3' }, 'retry rate_limited after 3000'],
    ['in milliseconds', 429, tenSecondly, { 'retry-after': '9500' }, 'retry rate_limited after 9500'],
    [
      'in milliseconds that would be an hour of seconds',
      429,
      tenSecondly,
      { 'retry-after': '3600' },
      'retry rate_limited after 3600',
    ],
    [
      'for no longer than the window of its limit',
      429,
      '',
      { 'retry-after': '9'.repeat(30) },
      'retry rate_limited after 10000',
    ],
    ['for a second', 429, tenSecondly, { 'retry-after': '1000' }, 'retry rate_limited after 1000'],
    [
      'for the window that its headers name',
      429,
      tenSecondly,
      { 'x-hubspot-ratelimit-interval-milliseconds': '1000' },
      'retry rate_limited after 1000',
    ],
    [
      'for two seconds in milliseconds',
      423,
      '',
      { 'retry-after': '2000' },
      'retry hubspot_locked after 2000',
    ],
    ['without a body', 429, '', {}, 'retry rate_limited after 10000'],
    ['with a body that is not JSON', 429, '<html>', {}, 'retry rate_limited after 10000'],
    ['for an hour at the daily limit', 429, daily, {}, 'retry hubspot_daily_limit after 3600000'],
    ['not earlier than that', 429, daily, { 'retry-after': '60' }, 'retry hubspot_daily_limit after 3600000'],
    ['later than that', 429, daily, { 'retry-after': '7200' }, 'retry hubspot_daily_limit after 7200000'],
    ['for two seconds while a record is locked', 423, '', {}, 'retry hubspot_locked after 2000'],
    ['for more while a record is locked', 423, '', { 'retry-after': '5' }, 'retry hubspot_locked after 5000'],
    ['not earlier than two seconds', 423, '', { 'retry-after': '1' }, 'retry hubspot_locked after 2000'],
    [
      'while it moves an account',
      477,
      '',
      { 'retry-after': '7200' },
      'retry hubspot_migrating after 7200000',
    ],
    ['while it moves an account, without saying when', 477, '', {}, 'retry hubspot_migrating'],
    ['when it fails', 500, error('INTERNAL_ERROR'), {}, 'retry receiver_error'],
    ['when it is unavailable', 502, '', {}, 'retry receiver_unavailable'],
    ['when it is overloaded', 503, '', { 'retry-after': '4' }, 'retry receiver_unavailable after 4000'],
    ['when it is slow', 504, '', {}, 'retry receiver_unavailable'],
    ['when Cloudflare finds it slow', 524, '<html>', {}, 'retry receiver_unavailable'],
    [
      'when it fails, even if it blames the request',
      500,
      invalid(['INVALID_EMAIL', 'email']),
      {},
      'retry receiver_error',
    ],
  ])('%s', (_, status, body, headers, expected) => {
    expect(judged(status, body, headers)).toBe(expected)
  })
})

describe('a refusal by HubSpot', () => {
  const conflict = error('CONFLICT', { message: 'Contact already exists. Existing ID: 123' })

  test.each<[string, number, unknown, string]>([
    ['without a token', 401, error('INVALID_AUTHENTICATION'), 'give_up hubspot_unauthorized'],
    ['with an expired token', 401, error('EXPIRED_AUTHENTICATION'), 'give_up hubspot_unauthorized'],
    ['with 401 and no body', 401, '', 'give_up hubspot_unauthorized'],
    ['without the scope', 403, error('MISSING_SCOPES'), 'give_up hubspot_scope_missing'],
    ['with 403 and HTML', 403, '<html>', 'give_up forbidden'],
    ['that exists', 409, conflict, 'give_up hubspot_contact_exists'],
    ['that exists, by status alone', 409, '', 'give_up hubspot_contact_exists'],
    ['that exists, by its newer name', 400, error('OBJECT_ALREADY_EXISTS'), 'give_up hubspot_contact_exists'],
    [
      'with an unknown property',
      400,
      invalid(['PROPERTY_DOESNT_EXIST', 'ghost_score']),
      'give_up hubspot_property_missing',
    ],
    [
      'with an unknown option',
      400,
      invalid(['INVALID_OPTION', 'hs_analytics_source']),
      'give_up hubspot_option_invalid',
    ],
    ['with a bad e-mail address', 400, invalid(['INVALID_EMAIL', 'email']), 'give_up hubspot_email_invalid'],
    [
      'with a read-only property',
      400,
      invalid(['READ_ONLY_VALUE', 'city']),
      'give_up hubspot_property_read_only',
    ],
    [
      'with a text instead of a number',
      400,
      invalid(['INVALID_LONG', 'ghost_score']),
      'give_up hubspot_property_type',
    ],
    [
      'with another integer',
      400,
      invalid(['INVALID_INTEGER', 'ghost_score']),
      'give_up hubspot_property_type',
    ],
    ['with another number', 400, invalid(['INVALID_NUMBER', 'ghost_score']), 'give_up hubspot_property_type'],
    [
      'with a time instead of a day',
      400,
      invalid(['INVALID_DATE', 'ghost_last_seen']),
      'give_up hubspot_property_type',
    ],
    ['for an unknown code', 400, invalid(['NEW_CODE', 'city']), 'give_up hubspot_value_refused'],
    ['without naming a code', 400, error('VALIDATION_ERROR'), 'give_up hubspot_validation'],
    ['without naming a category', 400, '', 'give_up bad_request'],
    ['for an unknown category', 400, error('NEW_CATEGORY'), 'give_up bad_request'],
    ['for a category with the name of a method', 400, error('constructor'), 'give_up bad_request'],
    ['because the path does not exist', 404, '', 'give_up not_found'],
    ['because the URL is too long', 414, '', 'give_up url_too_long'],
    ['because the receiver is gone', 410, '', 'gone receiver_gone'],
    ['with a redirect', 301, '', 'give_up redirect_not_followed'],
  ])('%s', (_, status, body, expected) => {
    expect(judged(status, body)).toBe(expected)
  })

  test('names the error to correct first', () => {
    const body = invalid(['INVALID_OPTION', 'hs_analytics_source'], ['PROPERTY_DOESNT_EXIST', 'ghost_score'])
    expect(judged(400, body)).toBe('give_up hubspot_property_missing')
  })
})

function remedy(body: unknown): string | null {
  return failureIn(verdictOn(hubspotDestination, 400, body)).remedy
}

describe('the failure of a refusal by HubSpot', () => {
  test('names the property to create', () => {
    expect(
      failureIn(verdictOn(hubspotDestination, 400, invalid(['PROPERTY_DOESNT_EXIST', 'ghost_score']))),
    ).toEqual({
      cause: 'hubspot_property_missing',
      message: 'HubSpot does not know ghost_score on contacts.',
      remedy: 'Create the contact property ghost_score in HubSpot.',
      outcomeUnknown: false,
    })
  })

  test('names all properties to create, each once', () => {
    const names = ['PROPERTY_DOESNT_EXIST', 'ghost_score', 'ghost_sessions'] as const
    const expected = 'Create the contact properties ghost_score, ghost_sessions in HubSpot.'
    expect(remedy(invalid(names, ['PROPERTY_DOESNT_EXIST', 'ghost_score']))).toBe(expected)
  })

  test('reads the names from the message, where older responses have them', () => {
    const list = [
      {
        isValid: false,
        message: 'Property "ghost_score" does not exist',
        error: 'PROPERTY_DOESNT_EXIST',
        name: 'ghost_score',
      },
      {
        isValid: false,
        message: 'GHOST was not one of the allowed options',
        error: 'INVALID_OPTION',
        name: 'city',
      },
    ]
    const message = `Property values were not valid: ${JSON.stringify(list)}`
    expect(remedy(error('VALIDATION_ERROR', { message }))).toBe(
      'Create the contact property ghost_score in HubSpot.',
    )
  })

  test('says which endpoint accepts GHOST as a traffic source', () => {
    expect(remedy(invalid(['INVALID_OPTION', 'hs_analytics_source']))).toContain('webhook trigger')
    expect(remedy(invalid(['INVALID_OPTION', 'country']))).toContain('text property')
  })

  test('names only our properties, because the response is untrusted text', () => {
    const body = invalid(['PROPERTY_DOESNT_EXIST', 'hunter2', '<script>'])
    expect(failureIn(verdictOn(hubspotDestination, 400, body))).toMatchObject({
      message: 'HubSpot does not know a property on contacts.',
      remedy: 'Create the contact properties that the response names in HubSpot.',
    })
  })

  test.each<[string, unknown]>([
    ['errors that are not a list', error('VALIDATION_ERROR', { errors: 'no' })],
    ['errors that are not objects', error('VALIDATION_ERROR', { errors: [null, 1, 'x', []] })],
    ['no context', error('VALIDATION_ERROR', { errors: [{ code: 'INVALID_EMAIL' }] })],
    [
      'names that are not a list',
      error('VALIDATION_ERROR', { errors: [{ code: 7, context: { propertyName: 'x' } }] }),
    ],
    ['a message that is not a string', error('VALIDATION_ERROR', { message: { a: 1 } })],
    ['a message that breaks off', error('VALIDATION_ERROR', { message: 'not valid: [{"isValid":fal' })],
  ])('survives %s', (_, body) => {
    expect(judged(400, body)).toMatch(/^give_up hubspot_/)
  })
})
