import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Destination } from '../../src/destinations/destination.ts'
import { webhookTypes } from '../../src/destinations/registry.ts'
import { destinationOf } from '../../src/destinations/registry.ts'
import type { Verdict } from '../../src/deliver/verdict.ts'
import { httpResponse, now, verdictOn } from './response-factory.ts'
import { hostileText } from './hostile-text.ts'

const words = [
  'rate_limited',
  'no_service',
  'VALIDATION_ERROR',
  'INVALID_FIELD',
  'UNABLE_TO_LOCK_ROW',
  'COMPLETE',
  'DAILY',
]
const keys = [
  'id',
  'code',
  'retry_after',
  'category',
  'errors',
  'objectWriteTraceId',
  'errorCode',
  'error',
  'message',
  'fields',
  'policyName',
]
const oddKeys = [
  'numErrors',
  'status',
  'context',
  'propertyName',
  'results',
  '__proto__',
  'constructor',
  'toString',
]

/** JSON with the keys and values that the destinations read, in wrong places and shapes. */
function oddJson(): fc.Arbitrary<string> {
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(...words, ...keys, ...oddKeys),
      fc.constantFrom(10_015, 40_062, 0, -1, 1e308, 0.5),
      fc.constantFrom(null, true, '', "No such column 'a'", 'x: [{"name":"email"}]'),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...keys, ...oddKeys), tie('value'), { maxKeys: 5 }),
    ),
  }))
  return value.map((json) => JSON.stringify(json))
}

function oddBody(): fc.Arbitrary<string> {
  const cutOff = fc.tuple(oddJson(), fc.nat(200)).map(([json, length]) => json.slice(0, length))
  return fc.oneof(
    oddJson(),
    cutOff,
    hostileText(),
    fc.constantFrom(...words, '[', '{}', '[[]]', 'null', '"x"'),
  )
}

function oddHeaders(): fc.Arbitrary<Record<string, string>> {
  const retryAfter = fc.oneof(
    hostileText(),
    fc.constantFrom('5', '0.5', '-1', '1e9', 'Mon, 99 Foo 2026', '9'.repeat(400)),
  )
  return fc.record({ 'retry-after': retryAfter, location: hostileText() }, { requiredKeys: [] })
}

const oddStatus = () =>
  fc.oneof(fc.integer({ min: -1, max: 1_000 }), fc.constantFrom(200, 207, 400, 401, 429, 503, Number.NaN))

function problemsIn(verdict: Verdict): string[] {
  if (verdict.decision === 'delivered')
    return /^[\w-]{1,64}$/.test(verdict.receipt ?? 'none') ? [] : ['receipt']
  const { cause, message, remedy, outcomeUnknown } = verdict.failure
  const problems: string[] = []
  if (!/^[a-z][a-z0-9_]{2,60}$/.test(cause)) problems.push(`cause ${cause}`)
  if (!/^[A-Z][^\p{C}]{10,600}\.$/u.test(message)) problems.push(`message ${message}`)
  if (!/^[A-Z][^\p{C}]{3,600}\.$/u.test(remedy)) problems.push(`remedy ${remedy}`)
  const mayBeUnknown = cause === 'redirect_not_followed' || cause.endsWith('_answer_unreadable')
  if (outcomeUnknown && !mayBeUnknown) problems.push('unknown, although there was a response')
  if (verdict.decision === 'give_up') return problems
  const wait = verdict.retryAfterMs
  if (wait !== null && !(Number.isInteger(wait) && wait >= 0 && wait <= 86_400_000))
    problems.push(`wait ${wait}`)
  return problems
}

const destinations: readonly (readonly [string, Destination])[] = [
  ...webhookTypes.map((type) => [type, destinationOf(type)] as const),
  ['hubspot with credentials', destinationOf('hubspot', { kind: 'access_token', access_token: 'a' })],
  [
    'salesforce with credentials',
    destinationOf('salesforce', { kind: 'client_credentials', client_id: 'a', client_secret: 'b' }),
  ],
]

describe.each(destinations)('the verdict on a response of %s', (_name, destination) => {
  test('is well-formed for any response', () => {
    fc.assert(
      fc.property(oddStatus(), oddBody(), oddHeaders(), (status, body, headers) => {
        expect(problemsIn(verdictOn(destination, status, body, headers))).toEqual([])
      }),
      { numRuns: 400 },
    )
  })

  test('is the same for the same response', () => {
    fc.assert(
      fc.property(oddStatus(), oddBody(), (status, body) => {
        expect(verdictOn(destination, status, body)).toEqual(verdictOn(destination, status, body))
      }),
      { numRuns: 50 },
    )
  })

  test('is never delivered without a 2xx', () => {
    fc.assert(
      fc.property(oddStatus(), oddBody(), (status, body) => {
        const { decision } = verdictOn(destination, status, body)
        expect(decision === 'delivered' && !(status >= 200 && status <= 299)).toBe(false)
      }),
    )
  })

  test('quotes no secret of a response', () => {
    const secret = 'hunter2-secret'
    const error = {
      message: secret,
      code: secret,
      errorCode: secret,
      fields: [secret],
      error: secret,
      category: secret,
    }
    const bodies = [
      secret,
      JSON.stringify(error),
      JSON.stringify([error]),
      JSON.stringify({ ...error, errors: [error] }),
    ]
    for (const body of bodies) {
      for (const status of [301, 400, 401, 403, 404, 409, 410, 423, 429, 477, 500, 503]) {
        const verdict = verdictOn(destination, status, body, { location: secret, 'retry-after': secret })
        expect(JSON.stringify(verdict)).not.toContain(secret)
      }
    }
  })

  test('survives a body of 64 KiB of brackets', () => {
    for (const body of ['['.repeat(65_536), '{"errors":['.repeat(5_000), '"'.repeat(65_536)]) {
      expect(
        problemsIn(destination.judgeResponse({ ...httpResponse(400, body), bodyEnd: 'size' }, now)),
      ).toEqual([])
    }
  })
})

test('a 2xx of a custom receiver is delivered, whatever the body', () => {
  fc.assert(
    fc.property(fc.integer({ min: 200, max: 299 }), oddBody(), (status, body) => {
      expect(verdictOn(destinationOf('custom'), status, body).decision).toBe('delivered')
    }),
  )
})
