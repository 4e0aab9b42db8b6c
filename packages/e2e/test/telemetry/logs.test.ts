import { respond } from '@ghostpost/test-kit/receiver/reactions'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callApi, exportBody, type ApiResponse } from '@ghostpost/test-kit/processes/call-api'
import type { RunningProcess } from '@ghostpost/test-kit/processes/start-process'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

type Line = Record<string, unknown>

let stack: Stack

beforeAll(async () => {
  stack = await startStack({ GHOSTPOST_RETRY_SCHEDULE: '0s 30m 1h' })
})

afterAll(() => stack.stop())

function linesOf(process: RunningProcess | undefined): Line[] {
  const written = (process?.output() ?? '').split('\n').slice(0, -1)
  return written.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Line)
}

const lineOf = (process: RunningProcess | undefined, is: (line: Line) => boolean): Promise<Line> =>
  waitUntil('the line is written', () => linesOf(process).find(is))

const requestIdOf = ({ headers }: ApiResponse): string | null => headers.get('x-request-id')

const attemptLine = (deliveryId: unknown, attempt: number): Promise<Line> =>
  lineOf(
    stack.workers[0],
    (line) =>
      line['event'] === 'delivery_attempted' &&
      line['delivery_id'] === deliveryId &&
      line['attempt'] === attempt,
  )

test('an attempt is one log line with all its facts and the id of its request', async () => {
  stack.receiver.next(respond(503, { body: 'not today' }))
  const asked = await callApi(stack, '/api/webhook', { body: exportBody(stack) })
  const line = await attemptLine(asked.body?.['delivery_id'], 1)
  const { workers } = (await callApi(stack, '/api/system')).body as unknown as { workers: { id: string }[] }
  expect(line).toMatchObject({
    request_id: requestIdOf(asked),
    operation_id: null,
    site_id: 4,
    webhook_type: 'custom',
    destination_id: null,
    receiver_host: new URL(stack.receiver.url).host,
    lane: 'live',
    attempt_in_series: 1,
    attempts_max: 3,
    outcome: 'answered',
    response_status: 503,
    response_bytes: 9,
    decision: 'retry',
    cause: expect.any(String),
    outcome_unknown: false,
    reused_connection: false,
    dns_ms: null,
    tls_ms: null,
    state: 'retrying',
    worker: workers[0]?.id,
  })
  const [received] = stack.receiver.requests
  expect(line['request_bytes']).toBe(Buffer.byteLength(received?.body ?? ''))
  for (const field of ['waited_ms', 'duration_ms', 'connect_ms', 'first_byte_ms'])
    expect(line[field]).toBeGreaterThanOrEqual(0)
  expect(Date.parse(String(line['next_attempt_at']))).toBeGreaterThan(Date.now())
})

test('an attempt after a resend has the id of the resend’s request', async () => {
  stack.receiver.next(respond(404))
  const first = await callApi(stack, '/api/webhook', { body: exportBody(stack) })
  const id = String(first.body?.['delivery_id'])
  expect(await attemptLine(id, 1)).toMatchObject({ request_id: requestIdOf(first) })
  const again = await callApi(stack, `/api/deliveries/${id}/resend`, { body: {} })
  expect(await attemptLine(id, 2)).toMatchObject({
    request_id: requestIdOf(again),
    attempt_in_series: 1,
    state: 'delivered',
  })
  const copied = await callApi(stack, `/api/deliveries/${id}/re-export`, { method: 'POST' })
  expect(await attemptLine(copied.body?.['delivery_id'], 1)).toMatchObject({
    request_id: requestIdOf(copied),
  })
})

test('a request is one log line with the id that its caller received', async () => {
  const asked = await callApi(stack, '/api/deliveries/019db0f0-0000-7000-8000-000000000000?token=planted')
  const line = await lineOf(stack.apiProcess, (one) => one['request_id'] === requestIdOf(asked))
  expect(line).toMatchObject({
    event: 'request_completed',
    route: '/api/deliveries/:id',
    status: 404,
    error_code: 'delivery_not_found',
    user_id: stack.user.id,
    req: { method: 'GET', path: '/api/deliveries/019db0f0-0000-7000-8000-000000000000', caller: '127.0.0.1' },
  })
  expect(line['duration_ms']).toBeGreaterThan(0)
  expect(Number(line['response_bytes'])).toBe(Buffer.byteLength(asked.text))
  const same = linesOf(stack.apiProcess).filter((one) => one['request_id'] === requestIdOf(asked))
  expect(same).toHaveLength(1)
})

test.each([
  ['/api/webhook/ann@example.com', null, undefined],
  ['/ann@example.com/?a=planted', null, undefined],
  ['/api/deliveries/ann@example.com', '/api/deliveries/:id', '/api/deliveries/:id'],
  ['/api/visitors/gv_ann/erase', null, undefined],
  ['/api/receivers/ann.example.com', '/api/receivers/:host', '/api/receivers/:host'],
])('of the path %s only the route is logged', async (asked, route, path) => {
  const response = await callApi(stack, asked)
  const line = await lineOf(stack.apiProcess, (one) => one['request_id'] === requestIdOf(response))
  expect([line['route'], (line['req'] as Line)['path']]).toEqual([route, path])
  expect(JSON.stringify(line)).not.toMatch(/ann|planted/)
})

test('health checks are not logged', async () => {
  const probe = await callApi(stack, '/readyz', { session: null })
  const later = await callApi(stack, '/api/session')
  await lineOf(stack.apiProcess, (one) => one['request_id'] === requestIdOf(later))
  expect(stack.apiProcess.output()).not.toContain(String(requestIdOf(probe)))
})
