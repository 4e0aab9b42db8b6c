import { describe, expect, test } from 'vitest'
import { salesforceDestination } from '../../../src/destinations/salesforce/salesforce.ts'
import { brief, failureIn, verdictOn } from '../response-factory.ts'

const halfHour = 1_800_000

function errors(errorCode: string, message = 'Something is wrong.', fields?: readonly string[]) {
  return [{ message, errorCode, ...(fields === undefined ? {} : { fields }) }]
}

function judged(status: number, body: unknown = '', headers: Readonly<Record<string, string>> = {}): string {
  return brief(verdictOn(salesforceDestination, status, body, headers))
}

describe('Salesforce saved the Lead', () => {
  test.each<[string, number, unknown, string]>([
    [
      'by creating it',
      201,
      { id: '00Q5e000001abcDEAQ', success: true, errors: [] },
      'delivered 00Q5e000001abcDEAQ',
    ],
    [
      'by updating it',
      200,
      { id: '00Q5e000001abcDEAQ', success: true, errors: [], created: false },
      'delivered 00Q5e000001abcDEAQ',
    ],
    ['without a body', 204, '', 'delivered'],
    ['with a custom response of the customer', 200, '"thanks"', 'delivered'],
    ['with an incomplete response', 201, '{"id":"00Q', 'delivered'],
  ])('%s', (_, status, body, expected) => {
    expect(judged(status, body)).toBe(expected)
  })
})

describe('Salesforce asks for a later retry', () => {
  const total = errors('REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.')
  const concurrent = errors(
    'REQUEST_LIMIT_EXCEEDED',
    'ConcurrentRequests (Concurrent API Requests) Limit exceeded.',
  )

  test.each<[string, number, unknown, Record<string, string>, string]>([
    [
      'for a locked row, although it is a 400',
      400,
      errors('UNABLE_TO_LOCK_ROW'),
      {},
      'retry salesforce_row_locked',
    ],
    [
      'at the daily limit, although it is a 403',
      403,
      total,
      {},
      `retry salesforce_request_limit after ${halfHour}`,
    ],
    ['at the concurrency limit', 403, concurrent, {}, 'retry salesforce_request_limit after 60000'],
    [
      'no earlier than its minimum',
      403,
      concurrent,
      { 'retry-after': '1' },
      'retry salesforce_request_limit after 60000',
    ],
    [
      'later, if Retry-After is longer',
      403,
      total,
      { 'retry-after': '7200' },
      'retry salesforce_request_limit after 7200000',
    ],
    [
      'when it is unavailable',
      503,
      errors('SERVER_UNAVAILABLE'),
      { 'retry-after': '9' },
      'retry salesforce_unavailable after 9000',
    ],
    ['when it is in maintenance and sends HTML', 503, '<html>', {}, 'retry receiver_unavailable'],
    ['when it fails', 500, errors('UNKNOWN_EXCEPTION'), {}, 'retry salesforce_unavailable'],
    ['when it is too slow', 400, errors('REQUEST_RUNNING_TOO_LONG'), {}, 'retry salesforce_too_slow'],
    ['when the record is locked', 400, errors('ENTITY_IS_LOCKED'), {}, 'retry salesforce_record_locked'],
    ['when a gateway fails', 502, '', {}, 'retry receiver_unavailable'],
    ['when it limits requests', 429, '', { 'retry-after': '30' }, 'retry rate_limited after 30000'],
  ])('%s', (_, status, body, headers, expected) => {
    expect(judged(status, body, headers)).toBe(expected)
  })
})

describe('Salesforce refuses the Lead', () => {
  const restricted = 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST'

  test.each<[string, number, unknown, string]>([
    ['without a session', 401, errors('INVALID_SESSION_ID'), 'give_up salesforce_session_invalid'],
    ['without a required field', 400, errors('REQUIRED_FIELD_MISSING'), 'give_up salesforce_field_required'],
    ['with a field it does not know', 400, errors('INVALID_FIELD'), 'give_up salesforce_field_missing'],
    ['that exists', 400, errors('DUPLICATE_VALUE'), 'give_up salesforce_duplicate'],
    ['as a duplicate by a rule', 400, errors('DUPLICATES_DETECTED'), 'give_up salesforce_duplicate_rule'],
    [
      'by a validation rule',
      400,
      errors('FIELD_CUSTOM_VALIDATION_EXCEPTION'),
      'give_up salesforce_validation_rule',
    ],
    ['for its country', 400, errors('FIELD_INTEGRITY_EXCEPTION'), 'give_up salesforce_field_integrity'],
    ['for its source', 400, errors(restricted), 'give_up salesforce_picklist_restricted'],
    ['as too long', 400, errors('STRING_TOO_LONG'), 'give_up salesforce_text_too_long'],
    ['for its e-mail address', 400, errors('INVALID_EMAIL_ADDRESS'), 'give_up salesforce_email_invalid'],
    [
      'by a trigger',
      400,
      errors('CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY'),
      'give_up salesforce_trigger_failed',
    ],
    ['as invalid JSON', 400, errors('JSON_PARSER_ERROR'), 'give_up salesforce_body_refused'],
    ['for a malformed id', 400, errors('MALFORMED_ID'), 'give_up salesforce_id_malformed'],
    ['to this user', 403, errors('INSUFFICIENT_ACCESS_OR_READONLY'), 'give_up salesforce_access_denied'],
    ['without an API', 403, errors('API_DISABLED_FOR_ORG'), 'give_up salesforce_api_disabled'],
    ['because its storage is full', 403, errors('STORAGE_LIMIT_EXCEEDED'), 'give_up salesforce_storage_full'],
    [
      'because several Leads have its id',
      300,
      ['/services/data/v66.0/sobjects/Lead/1'],
      'give_up salesforce_several_match',
    ],
    ['because the path does not exist', 404, errors('NOT_FOUND'), 'give_up not_found'],
    ['because it allows no POST', 405, errors('METHOD_NOT_ALLOWED'), 'give_up salesforce_url_wrong'],
    ['because it accepts no JSON', 415, '', 'give_up unsupported_media_type'],
    ['because the organisation has expired', 420, '', 'give_up request_refused'],
    ['with 401 and no body', 401, '', 'give_up unauthorized'],
    ['for an unknown code', 400, errors('NEW_CODE'), 'give_up bad_request'],
    ['for a code with the name of a method', 400, errors('constructor'), 'give_up bad_request'],
    ['with a redirect', 302, '', 'give_up redirect_not_followed'],
    ['with one error outside a list', 400, errors('DUPLICATE_VALUE')[0], 'give_up salesforce_duplicate'],
    [
      'for its first known reason',
      400,
      [...errors('NEW'), ...errors('STRING_TOO_LONG')],
      'give_up salesforce_text_too_long',
    ],
  ])('%s', (_, status, body, expected) => {
    expect(judged(status, body)).toBe(expected)
  })

  test.each<[string, unknown]>([
    ['null', null],
    ['an empty list', []],
    ['a list of invalid items', [null, 1, 'x', [], { errorCode: 7 }]],
    ['a text', '"INVALID_FIELD"'],
    ['HTML', '<html>INVALID_FIELD</html>'],
    ['half a response', '[{"errorCode":"INVALID_FIE'],
  ])('by its status where the body is %s', (_, body) => {
    expect(judged(400, body)).toBe('give_up bad_request')
  })
})

function failure(body: unknown) {
  return failureIn(verdictOn(salesforceDestination, 400, body))
}

describe('the failure of a refusal by Salesforce', () => {
  test('names the required fields', () => {
    const body = errors('REQUIRED_FIELD_MISSING', 'Required fields are missing: [LastName]', [
      'LastName',
      'Branch__c',
    ])
    expect(failure(body)).toEqual({
      cause: 'salesforce_field_required',
      message: 'Salesforce requires LastName, Branch__c on a Lead.',
      remedy: 'Make LastName, Branch__c optional in Salesforce, or give it a default value.',
      outcomeUnknown: false,
    })
  })

  test('names the field to create', () => {
    const message = "No such column 'Ghost_Score__c' on sobject of type Lead"
    expect(failure(errors('INVALID_FIELD', message))).toMatchObject({
      message: 'Salesforce does not know the Lead field Ghost_Score__c.',
      remedy: 'Create the Lead field Ghost_Score__c in Salesforce.',
    })
  })

  test('recognises a URL that updates by external id', () => {
    const message = 'The Ghost_Visitor_ID__c field should not be specified in the sobject data.'
    expect(failure(errors('INVALID_FIELD', message))).toMatchObject({
      cause: 'salesforce_upsert_url',
      remedy: 'Use a URL that ends in /sobjects/Lead, or a saved destination with credentials.',
    })
  })

  test.each([
    ['FIELD_CUSTOM_VALIDATION_EXCEPTION', 'A validation rule in Salesforce refuses City.'],
    ['FIELD_INTEGRITY_EXCEPTION', 'Salesforce refuses the value of City.'],
    ['INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', 'Salesforce accepts only listed values for City.'],
    ['STRING_TOO_LONG', 'The value is too long for City in Salesforce.'],
  ])('names the fields of %s', (code, message) => {
    expect(failure(errors(code, 'x', ['City'])).message).toBe(message)
    expect(failure(errors(code, 'x')).message).not.toContain('City')
  })

  test('shows only texts that look like field names, at most ten', () => {
    const hostile = ['<script>', 'a b', 'hunter2-secret', '', 'x'.repeat(50), '__proto__']
    expect(failure(errors('REQUIRED_FIELD_MISSING', 'x', hostile)).message).toBe(
      'Salesforce requires a field on a Lead.',
    )
    const many = Array.from({ length: 99 }, (_, at) => `F${at}__c`)
    expect(failure(errors('REQUIRED_FIELD_MISSING', 'x', many)).message.split(',').length).toBe(10)
    expect(
      failure(errors('INVALID_FIELD', "No such column '<b>hunter2-secret</b>' on")).message,
    ).not.toContain('hunter2')
  })

  test('says what to do without a session', () => {
    expect(failureIn(verdictOn(salesforceDestination, 401, errors('INVALID_SESSION_ID'))).remedy).toContain(
      'Apex REST',
    )
  })

  test('distinguishes the daily limit from the concurrency limit', () => {
    expect(failure(errors('REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.')).remedy).toContain(
      'API limit',
    )
    expect(failure(errors('REQUEST_LIMIT_EXCEEDED', 'ConcurrentPerOrg exceeded')).remedy).toContain(
      'concurrency',
    )
  })
})
