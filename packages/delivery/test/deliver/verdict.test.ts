import { describe, expect, test } from 'vitest'
import type { Destination } from '../../src/destinations/destination.ts'
import { webhookTypes, type WebhookType } from '../../src/destinations/destination.ts'
import { destinationOf } from '../../src/destinations/destinations.ts'
import { isOutcomeUnknown, type Answered, type Outcome } from '../../src/deliver/outcome.ts'
import { judge, type Verdict } from '../../src/deliver/verdict.ts'
import { answered, brief, findingIn, now } from '../destinations/answer-factory.ts'

type Unanswered = Exclude<Outcome, Answered>

const repeatable = destinationOf('custom')
const unrepeatable = destinationOf('slack')

function judged(outcome: Outcome, destination: Destination, repeatUnknownOutcomes = false): Verdict {
  return judge(outcome, destination, { repeatUnknownOutcomes, now })
}

/** Where nothing can have arrived, so that coming back is safe everywhere. */
const notSent: readonly Unanswered[] = [
  { kind: 'name_not_resolved', code: 'ENOTFOUND' },
  { kind: 'connection_failed', code: 'ECONNREFUSED' },
  { kind: 'tls_failed', code: 'CERT_HAS_EXPIRED' },
  { kind: 'timed_out', phase: 'connect' },
]

/** Where the receiver may have acted. */
const unknown: readonly Unanswered[] = [
  { kind: 'timed_out', phase: 'answer' },
  { kind: 'connection_lost', code: 'ECONNRESET' },
  { kind: 'answer_malformed', code: 'HPE_INVALID_CONSTANT' },
  { kind: 'interrupted' },
]

/** Where coming back changes nothing. */
const hopeless: readonly Unanswered[] = [
  { kind: 'address_forbidden', reason: 'private' },
  { kind: 'visitor_gone' },
  { kind: 'destination_gone' },
  { kind: 'superseded' },
]

const every = [...notSent, ...unknown, ...hopeless]

describe.each(webhookTypes)('an attempt for %s', (type) => {
  const destination = destinationOf(type)

  test.each(notSent)('that sent nothing ($kind) is repeated', (outcome) => {
    for (const repeatUnknownOutcomes of [false, true]) {
      const verdict = judged(outcome, destination, repeatUnknownOutcomes)
      expect(verdict).toMatchObject({ decision: 'retry', retryAfterMs: null })
      expect(findingIn(verdict)).toMatchObject({ cause: outcome.kind, outcomeUnknown: false })
    }
  })

  test.each(hopeless)('that has no hope ($kind) is given up, and the destination stays', (outcome) => {
    for (const repeatUnknownOutcomes of [false, true]) {
      const verdict = judged(outcome, destination, repeatUnknownOutcomes)
      expect(verdict).toMatchObject({ decision: 'give_up', receiverGone: false })
      expect(findingIn(verdict)).toMatchObject({ cause: outcome.kind, outcomeUnknown: false })
    }
  })

  test.each(unknown)(
    'with an unknown outcome ($kind) is repeated only where no one sees it twice',
    (outcome) => {
      const decision = destination.repeatable ? 'retry' : 'give_up'
      const verdict = judged(outcome, destination)
      expect(verdict.decision).toBe(decision)
      expect(findingIn(verdict)).toMatchObject({ cause: outcome.kind, outcomeUnknown: true })
    },
  )

  test.each(unknown)('with an unknown outcome ($kind) is repeated where the setting says so', (outcome) => {
    const verdict = judged(outcome, destination, true)
    expect(verdict).toMatchObject({ decision: 'retry', retryAfterMs: null })
    expect(findingIn(verdict).outcomeUnknown).toBe(true)
  })
})

describe('an answer', () => {
  test('is judged by the destination, at the time given', () => {
    const answer = answered(503, '', { 'retry-after': 'Mon, 23 Nov 2026 12:00:30 GMT' })
    expect(judged(answer, repeatable)).toEqual(repeatable.judgeAnswer(answer, now))
    expect(brief(judged(answer, repeatable))).toBe('retry receiver_unavailable after 30000')
  })

  test('means what it means for each destination', () => {
    const answer = answered(404)
    expect(webhookTypes.map((type) => brief(judged(answer, destinationOf(type))))).toEqual([
      'give_up not_found',
      'give_up not_found',
      'give_up not_found',
      'give_up not_found',
      'gone discord_webhook_unknown',
    ])
  })

  test('is never an unknown outcome, also where its body breaks off', () => {
    for (const bodyEnd of ['complete', 'size', 'deadline', 'reset'] as const) {
      expect(isOutcomeUnknown({ ...answered(200, 'o'), bodyEnd })).toBe(false)
      expect(brief(judged({ ...answered(200, 'o'), bodyEnd }, unrepeatable))).toBe('delivered')
    }
  })
})

describe('what a finding says', () => {
  test.each(every)('about $kind is a sentence, and its remedy too', (outcome) => {
    const { message, remedy } = findingIn(judged(outcome, unrepeatable))
    expect(message).toMatch(/^[A-Z].+\.$/)
    expect(remedy).toMatch(/^[A-Z].+\.$/)
  })

  test.each(every.filter((outcome) => 'code' in outcome))('about $kind names the code $code', (outcome) => {
    expect(findingIn(judged(outcome, repeatable)).message).toContain(`(${outcome.code})`)
  })

  test('names the rule that forbids an address', () => {
    expect(
      findingIn(judged({ kind: 'address_forbidden', reason: 'loopback' }, repeatable)).message,
    ).toContain('loopback')
  })

  test('asks to look before an export is repeated by hand, where it would be seen twice', () => {
    const lost: Outcome = { kind: 'connection_lost', code: 'ECONNRESET' }
    expect(findingIn(judged(lost, unrepeatable)).remedy).toContain('Check whether the message arrived')
    expect(findingIn(judged(lost, unrepeatable, true)).remedy).toContain('tried again')
    expect(findingIn(judged(lost, repeatable)).remedy).toContain('tried again')
  })

  test('tells a connection that was too slow from an answer that was', () => {
    const connect = findingIn(judged({ kind: 'timed_out', phase: 'connect' }, repeatable))
    const answer = findingIn(judged({ kind: 'timed_out', phase: 'answer' }, repeatable))
    expect(connect.message).not.toBe(answer.message)
    expect([connect.outcomeUnknown, answer.outcomeUnknown]).toEqual([false, true])
  })
})

describe('a receiver that says it has this already', () => {
  const afterUnknown = (type: WebhookType, answer: Answered): Verdict =>
    judge(answer, destinationOf(type), { repeatUnknownOutcomes: false, mayBeRepeat: true, now })
  const duplicate = answered(400, [{ errorCode: 'DUPLICATE_VALUE', message: '', fields: [] }])

  test.each<[WebhookType, Answered, string]>([
    ['custom', answered(409), 'conflict'],
    ['hubspot', answered(409, { category: 'CONFLICT' }), 'hubspot_contact_exists'],
    ['hubspot', answered(400, { category: 'OBJECT_ALREADY_EXISTS' }), 'hubspot_contact_exists'],
    ['salesforce', duplicate, 'salesforce_duplicate'],
  ])(
    'refuses a %s delivery, but after an unknown outcome nobody knows whether it took it',
    (type, answer, cause) => {
      expect(brief(judged(answer, destinationOf(type)))).toBe(`give_up ${cause}`)
      const verdict = afterUnknown(type, answer)
      expect(brief(verdict)).toBe('give_up repeat_refused')
      expect(findingIn(verdict)).toMatchObject({
        outcomeUnknown: true,
        remedy: expect.stringContaining('Look whether the record is there'),
      })
    },
  )

  test('is judged as ever for anything else it says after an unknown outcome', () => {
    for (const status of [200, 400, 404, 410, 429, 503]) {
      const answer = answered(status)
      for (const type of webhookTypes)
        expect(afterUnknown(type, answer)).toEqual(judged(answer, destinationOf(type)))
    }
  })

  test('is written to again in a CRM mode, which updates', () => {
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
  test('is one where the request was sent and no answer says what became of it', () => {
    expect(every.filter(isOutcomeUnknown)).toEqual(unknown)
  })
})
