import type { AttemptView } from '@ghostpost/delivery/contract/delivery'
import { describe, expect, test } from 'vitest'
import { curlOf } from '../src/pages/delivery/curl-of.ts'
import { phasesOf } from '../src/pages/delivery/phases.tsx'
import { readPayload } from '../src/pages/delivery/read-payload.ts'
import { formatNextAttempt } from '../src/pages/delivery/format-next-attempt.ts'

describe('as a line for a shell', () => {
  test('quotes the body, and leaves secrets to be filled in', () => {
    const attempt = { request_headers: { 'content-type': 'application/json', host: 'h', 'x-api-key': '•••' } }
    const line = curlOf({ attempts: [attempt as unknown as AttemptView], payload: `{"name":"O'Hara"}` })
    expect(line.split(' \\\n  ')).toEqual([
      'curl -sS -X POST "$RECEIVER_URL"',
      `-H 'content-type: application/json'`,
      '-H "x-api-key: $X_API_KEY"',
      `--data-raw '{"name":"O'\\''Hara"}'`,
    ])
  })

  test('is the request a CRM mode made, not the payload it was made of', () => {
    const attempt = { request_method: 'PATCH', request_body: '{"properties":{}}', request_headers: {} }
    const line = curlOf({ attempts: [attempt as unknown as AttemptView], payload: '{"name":"Ann"}' })
    expect(line.split(' \\\n  ')).toEqual([
      'curl -sS -X PATCH "$RECEIVER_URL"',
      `--data-raw '{"properties":{}}'`,
    ])
  })

  test('works before the first attempt', () => {
    expect(curlOf({ attempts: [], payload: null })).toContain(`-H 'content-type: application/json'`)
  })
})

test('the next attempt is told with its place in the series, and why it is due then', () => {
  expect(formatNextAttempt({ number: 2, of: 8, because: 'receiver_asked' })).toBe(
    '2 of 8, as the receiver asked',
  )
})

test('the parts of an attempt follow each other, and what is left over is the reading', () => {
  const timings = {
    reused_connection: false,
    dns_ms: 2,
    connect_ms: 3,
    tls_ms: null,
    first_byte_ms: 5,
    total_ms: 12,
  }
  expect(phasesOf(timings).map(({ name, from, to }) => [name, from, to])).toEqual([
    ['Look up', 0, 2],
    ['Connect', 2, 5],
    ['Wait for the answer', 5, 10],
    ['Read it', 10, 12],
  ])
  expect(phasesOf({ ...timings, first_byte_ms: null }).at(-1)?.name).toBe('Connect')
})

describe('an edited body', () => {
  test('is an object', () => {
    expect(readPayload('{"a":1}')).toEqual({ payload: { a: 1 } })
    expect(readPayload('[1]')).toEqual({ problem: 'The body must be a JSON object: { … }.' })
  })

  test('that is not JSON is told where', () => {
    const read = readPayload('{\n  "a": 1,\n}')
    expect('problem' in read && read.problem).toMatch(/^This is not JSON yet: .*line 3 column 1/)
  })
})
