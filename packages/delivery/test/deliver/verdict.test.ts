import { describe, expect, test } from 'vitest'
import type { Destination } from '../../src/destinations/destination.ts'
import { webhookTypes, type WebhookType } from '../../src/destinations/registry.ts'
import { destinationOf } from '../../src/destinations/registry.ts'
import { isOutcomeUnknown, type HttpResponse, type Outcome } from '../../src/deliver/outcome.ts'
import { judge } from '../../src/deliver/judge.ts'
import type { Verdict } from '../../src/deliver/verdict.ts'
import { httpResponse, brief, failureIn, now } from '../destinations/response-factory.ts'

type NoResponse = Exclude<Outcome, HttpResponse>

const repeatable = destinationOf('custom')
const unrepeatable = destinationOf('slack')

function judged(outcome: Outcome, destination: Destination, repeatUnknownOutcomes = false): Verdict {
  return judge(outcome, destination, { repeatUnknownOutcomes, now })
}

/** The request cannot have arrived, so a retry is safe for every type. */
const notSent: readonly NoResponse[] = [
  { kind: 'name_not_resolved', code: 'ENOTFOUND' },
  { kind: 'name_not_resolved', code: 'ETIMEOUT' },
  { kind: 'lookup_not_started' },
  { kind: 'connection_failed', code: 'ECONNREFUSED' },
  { kind: 'tls_failed', code: 'CERT_HAS_EXPIRED' },
  { kind: 'timed_out', phase: 'connect' },
]

/** The receiver may have processed the request. */
const unknown: readonly NoResponse[] = [
  { kind: 'timed_out', phase: 'answer' },
  { kind: 'connection_lost', code: 'ECONNRESET' },
  { kind: 'answer_malformed', code: 'HPE_INVALID_CONSTANT' },
  { kind: 'interrupted' },
]

/** A retry would have the same outcome. */
const finalOutcomes: readonly NoResponse[] = [
  { kind: 'address_forbidden', reason: 'private' },
  { kind: 'visitor_gone' },
  { kind: 'destination_gone' },
  { kind: 'superseded' },
  { kind: 'unchanged' },
]

const every = [...notSent, ...unknown, ...finalOutcomes]

describe.each(webhookTypes)('an attempt for %s', (type) => {
  const destination = destinationOf(type)

  test.each(notSent)('that sent nothing ($kind) is retried', (outcome) => {
    for (const repeatUnknownOutcomes of [false, true]) {
      const verdict = judged(outcome, destination, repeatUnknownOutcomes)
      expect(verdict).toMatchObject({ decision: 'retry', retryAfterMs: null })
      expect(failureIn(verdict)).toMatchObject({ cause: outcome.kind, outcomeUnknown: false })
    }
  })

  test.each(finalOutcomes)(
    'whose outcome is final ($kind) is given up, and the destination stays enabled',
    (outcome) => {
      for (const repeatUnknownOutcomes of [false, true]) {
        const verdict = judged(outcome, destination, repeatUnknownOutcomes)
        expect(verdict).toMatchObject({ decision: 'give_up', receiverGone: false })
        expect(failureIn(verdict)).toMatchObject({ cause: outcome.kind, outcomeUnknown: false })
      }
    },
  )

  test.each(unknown)(
    'with an unknown outcome ($kind) is retried only if the type is repeatable',
    (outcome) => {
      const decision = destination.traits.repeatable ? 'retry' : 'give_up'
      const verdict = judged(outcome, destination)
      expect(verdict.decision).toBe(decision)
      expect(failureIn(verdict)).toMatchObject({ cause: outcome.kind, outcomeUnknown: true })
    },
  )

  test.each(unknown)('with an unknown outcome ($kind) is retried if the setting allows it', (outcome) => {
    const verdict = judged(outcome, destination, true)
    expect(verdict).toMatchObject({ decision: 'retry', retryAfterMs: null })
    expect(failureIn(verdict).outcomeUnknown).toBe(true)
  })
})

describe('the verdict on a response', () => {
  test('is that of the destination, at the given time', () => {
    const response = httpResponse(503, '', { 'retry-after': 'Mon, 23 Nov 2026 12:00:30 GMT' })
    expect(judged(response, repeatable)).toEqual(repeatable.judgeResponse(response, now))
    expect(brief(judged(response, repeatable))).toBe('retry receiver_unavailable after 30000')
  })

  test('differs by destination', () => {
    const response = httpResponse(404, { message: 'Unknown Webhook', code: 10_015 })
    expect(webhookTypes.map((type) => brief(judged(response, destinationOf(type))))).toEqual([
      'give_up not_found',
      'give_up not_found',
      'give_up not_found',
      'give_up not_found',
      'gone discord_webhook_unknown',
    ])
  })

  test('never has an unknown outcome, even when the body breaks off', () => {
    for (const bodyEnd of ['complete', 'size', 'deadline', 'reset'] as const) {
      expect(isOutcomeUnknown({ ...httpResponse(200, 'o'), bodyEnd })).toBe(false)
      expect(brief(judged({ ...httpResponse(200, 'o'), bodyEnd }, unrepeatable))).toBe('delivered')
    }
  })
})

describe('a failure', () => {
  test.each(every)('about $kind has a sentence as message and one as remedy', (outcome) => {
    const { message, remedy } = failureIn(judged(outcome, unrepeatable))
    expect(message).toMatch(/^[A-Z].+\.$/)
    expect(remedy).toMatch(/^[A-Z].+\.$/)
  })

  test.each(every.filter((outcome) => 'code' in outcome))('about $kind names the code $code', (outcome) => {
    expect(failureIn(judged(outcome, repeatable)).message).toContain(`(${outcome.code})`)
  })

  test('of a look-up says whether it timed out, and what to check', () => {
    const { message, remedy } = failureIn(judged({ kind: 'name_not_resolved', code: 'ETIMEOUT' }, repeatable))
    expect(message).toContain('timed out')
    expect(remedy).toContain('Check its DNS records')
  })

  test.each([
    ['ERR_SSL_WRONG_VERSION_NUMBER', /http:\/\//],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', /TLS 1\.2/],
    ['CERT_HAS_EXPIRED', /^Renew/],
    ['CERT_NOT_YET_VALID', /clocks/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', /host name that is in the certificate/],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /intermediate certificates.*NODE_EXTRA_CA_CERTS/],
    ['SELF_SIGNED_CERT_IN_CHAIN', /NODE_EXTRA_CA_CERTS/],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', /NODE_EXTRA_CA_CERTS/],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', /NODE_EXTRA_CA_CERTS/],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', /client certificate/],
    ['ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE', /client certificate/],
    ['ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE', /cipher.*client certificate/],
    ['ERR_SSL_SOMETHING_NEW', /certificate and the TLS settings/],
  ])('of TLS says what to do about %s', (code, remedy) => {
    expect(failureIn(judged({ kind: 'tls_failed', code }, repeatable)).remedy).toMatch(remedy)
  })

  test('names the rule that forbids the address', () => {
    expect(
      failureIn(judged({ kind: 'address_forbidden', reason: 'loopback' }, repeatable)).message,
    ).toContain('loopback')
  })

  test('asks for a check before a manual resend if people would see the repeat', () => {
    const lost: Outcome = { kind: 'connection_lost', code: 'ECONNRESET' }
    expect(failureIn(judged(lost, unrepeatable)).remedy).toContain('Check whether the message arrived')
    expect(failureIn(judged(lost, unrepeatable, true)).remedy).toContain('retries by itself')
    expect(failureIn(judged(lost, repeatable)).remedy).toContain('retries by itself')
  })

  test('distinguishes a slow connection from a slow response', () => {
    const connect = failureIn(judged({ kind: 'timed_out', phase: 'connect' }, repeatable))
    const response = failureIn(judged({ kind: 'timed_out', phase: 'answer' }, repeatable))
    expect(connect.message).not.toBe(response.message)
    expect([connect.outcomeUnknown, response.outcomeUnknown]).toEqual([false, true])
  })
})

describe('a receiver that refuses a duplicate', () => {
  const afterUnknown = (type: WebhookType, response: HttpResponse): Verdict =>
    judge(response, destinationOf(type), { repeatUnknownOutcomes: false, mayBeRepeat: true, now })
  const duplicate = httpResponse(400, [{ errorCode: 'DUPLICATE_VALUE', message: '', fields: [] }])

  test.each<[WebhookType, HttpResponse, string]>([
    ['custom', httpResponse(409), 'conflict'],
    ['hubspot', httpResponse(409, { category: 'CONFLICT' }), 'hubspot_contact_exists'],
    ['hubspot', httpResponse(400, { category: 'OBJECT_ALREADY_EXISTS' }), 'hubspot_contact_exists'],
    ['salesforce', duplicate, 'salesforce_duplicate'],
  ])('fails a %s delivery, with cause repeat_refused after an unknown outcome', (type, response, cause) => {
    expect(brief(judged(response, destinationOf(type)))).toBe(`give_up ${cause}`)
    const verdict = afterUnknown(type, response)
    expect(brief(verdict)).toBe('give_up repeat_refused')
    expect(failureIn(verdict)).toMatchObject({
      outcomeUnknown: true,
      remedy: expect.stringContaining('Check whether the record is there'),
    })
  })

  test('has the usual verdict for every other response after an unknown outcome', () => {
    for (const status of [200, 400, 404, 410, 429, 503]) {
      const response = httpResponse(status)
      for (const type of webhookTypes)
        expect(afterUnknown(type, response)).toEqual(judged(response, destinationOf(type)))
    }
  })

  test('is retried in a CRM mode, which updates the record', () => {
    const crm = destinationOf('salesforce', {
      kind: 'client_credentials',
      client_id: 'a',
      client_secret: 'b',
    })
    const verdict = judge(duplicate, crm, { repeatUnknownOutcomes: false, mayBeRepeat: true, now })
    expect(brief(verdict)).toBe('retry salesforce_duplicate_race')
  })
})

describe('an unknown outcome', () => {
  test('is an outcome without a response to a sent request', () => {
    expect(every.filter(isOutcomeUnknown)).toEqual(unknown)
  })
})
