import type { AttemptView } from '@ghostpost/delivery/contract/delivery'
import { describe, expect, test } from 'vitest'
import { curlOf } from '../src/pages/delivery/curl-of.ts'
import { phasesOf } from '../src/pages/delivery/phases.tsx'
import { readPayload } from '../src/pages/delivery/read-payload.ts'
import { formatNextAttempt } from '../src/pages/delivery/format-next-attempt.ts'

describe('the curl command', () => {
  test('quotes the body and has variables for secrets', () => {
    const attempt = { request_headers: { 'content-type': 'application/json', host: 'h', 'x-api-key': '•••' } }
    const line = curlOf({ attempts: [attempt as unknown as AttemptView], payload: `{"name":"O'Hara"}` })
    expect(line.split(' \\\n  ')).toEqual([
      'curl -sS -X POST "$RECEIVER_URL"',
      `-H 'content-type: application/json'`,
      '-H "x-api-key: $X_API_KEY"',
      `--data-raw '{"name":"O'\\''Hara"}'`,
    ])
  })

  test('is the request that a CRM mode sent, not the payload', () => {
    const attempt = { request_method: 'PATCH', request_body: '{"properties":{}}', request_headers: {} }
    const line = curlOf({ attempts: [attempt as unknown as AttemptView], payload: '{"name":"Ann"}' })
    expect(line.split(' \\\n  ')).toEqual([
      'curl -sS -X PATCH "$RECEIVER_URL"',
      `--data-raw '{"properties":{}}'`,
    ])
  })

  test('exists before the first attempt', () => {
    expect(curlOf({ attempts: [], payload: null })).toContain(`-H 'content-type: application/json'`)
  })
})

test('the next attempt has its number in the series and the reason for its time', () => {
  expect(formatNextAttempt({ number: 2, of: 8, because: 'receiver_asked' })).toBe(
    '2 of 8, by the receiver’s Retry-After',
  )
})

test('the phases of an attempt follow each other, and the rest is reading the response', () => {
  const timings = {
    reused_connection: false,
    dns_ms: 2,
    connect_ms: 3,
    tls_ms: null,
    first_byte_ms: 5,
    total_ms: 12,
  }
  expect(phasesOf(timings).map(({ name, from, to }) => [name, from, to])).toEqual([
    ['DNS lookup', 0, 2],
    ['Connect', 2, 5],
    ['Wait for response', 5, 10],
    ['Read response', 10, 12],
  ])
  expect(phasesOf({ ...timings, first_byte_ms: null }).at(-1)?.name).toBe('Connect')
})

describe('an edited body', () => {
  test('must be an object', () => {
    expect(readPayload('{"a":1}')).toEqual({ payload: { a: 1 } })
    expect(readPayload('[1]')).toEqual({ problem: 'The body must be a JSON object: { … }.' })
  })

  test('that is invalid JSON gets the position of the error', () => {
    const read = readPayload('{\n  "a": 1,\n}')
    expect('problem' in read && read.problem).toMatch(/^This is not valid JSON: .*line 3 column 1/)
  })
})
