import { startConnectProxy, type ConnectProxy } from '@ghostpost/test-kit/connect-proxy'
import { respond } from '@ghostpost/test-kit/receiver/reactions'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { callApi, exportBody, type ApiResponse } from '@ghostpost/test-kit/processes/call-api'
import { readQueueContents } from '../stores/queue-contents.ts'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

const password = 'planted-T0B0-password'
const basic = Buffer.from(`ghost:${password}`).toString('base64')

let proxy: ConnectProxy
let stack: Stack
/** Text of every response of the API. */
const responseTexts: string[] = []

beforeAll(async () => {
  proxy = await startConnectProxy({ auth: `ghost:${password}` })
  stack = await startStack({
    GHOSTPOST_EGRESS_PROXY: `http://ghost:${password}@127.0.0.1:${proxy.port}`,
    // One failure of the receiver would open its breaker.
    GHOSTPOST_BREAKER_FAILURES: '1',
    GHOSTPOST_RETRY_SCHEDULE: '0s 300ms 300ms',
    GHOSTPOST_LOG_LEVEL: 'trace',
  })
})

afterAll(async () => {
  await stack.stop()
  await proxy.stop()
})

beforeEach(() => {
  proxy.always({ kind: 'open' })
  proxy.tunnelRequests.length = 0
  stack.receiver.requests.length = 0
  // A tunnel that stays open would carry the next test's request past the proxy's new reaction.
  stack.receiver.always(respond(200, { headers: { connection: 'close' } }))
})

async function call(path: string, body?: object): Promise<ApiResponse> {
  const response = await callApi(stack, path, body && { body })
  responseTexts.push(response.text)
  return response
}

const exportOne = (changes: Record<string, unknown> = {}): Promise<ApiResponse> =>
  call('/api/webhook', exportBody(stack, changes))

const deliveryOf = async ({ body }: ApiResponse): Promise<Record<string, unknown>> =>
  (await call(`/api/deliveries/${String(body?.['delivery_id'])}`)).body ?? {}

const budgetOfReceiver = async (): Promise<Record<string, unknown>> =>
  (await call(`/api/receivers/127.0.0.1:${stack.receiver.port}`)).body ?? {}

const tunnelTo = (port: number): string => `127.0.0.1:${port}`

test('a proxy that responds 502 costs an attempt and does not count as a failure of the receiver', async () => {
  const before = await budgetOfReceiver()
  proxy.always({ kind: 'refuse', status: 502 })
  const first = await exportOne()
  expect(first).toMatchObject({ status: 202, body: { status: 'retrying', attempts: 1 } })
  expect(await budgetOfReceiver()).toEqual(before)
  expect(stack.receiver.requests).toEqual([])

  proxy.always({ kind: 'open' })
  await waitUntil(
    'the delivery is delivered',
    async () => (await deliveryOf(first))['status'] === 'delivered',
  )
  expect(await deliveryOf(first)).toMatchObject({
    attempts: [
      {
        outcome: 'proxy_failed',
        decision: 'retry',
        outcome_unknown: false,
        error: { code: 'egress_host_unreachable' },
      },
      { outcome: 'answered', decision: 'delivered' },
    ],
  })
  expect(stack.receiver.requests).toHaveLength(1)
  expect(proxy.tunnelRequests).toEqual([tunnelTo(stack.receiver.port), tunnelTo(stack.receiver.port)])
  expect(await budgetOfReceiver()).toMatchObject({ breaker: 'closed', open_until: null })
  expect(stack.workers.map((worker) => worker.output()).join('')).not.toContain('breaker_opened')
})

test('a proxy that refuses the host ends the delivery, and the error names the proxy', async () => {
  proxy.always({ kind: 'refuse', status: 403 })
  const refused = await exportOne()
  expect(refused).toMatchObject({
    status: 502,
    body: { success: false, status: 'failed', error: { code: 'egress_refused' } },
  })
  expect((await deliveryOf(refused))['attempts']).toMatchObject([{ outcome: 'proxy_failed' }])
  expect(await budgetOfReceiver()).toMatchObject({ breaker: 'closed' })
})

test('a forbidden address is refused without a request to the proxy', async () => {
  const forbidden = await exportOne({ webhook_url: 'http://169.254.169.254/latest/meta-data' })
  expect(forbidden).toMatchObject({ status: 502, body: { error: { code: 'address_forbidden' } } })
  expect(proxy.tunnelRequests).toEqual([])
})

test('the proxy’s password is in no log, no response, not in the database and not in the queue', async () => {
  for (const reaction of [{ kind: 'refuse', status: 407 }, { kind: 'reset' }] as const) {
    proxy.always(reaction)
    await deliveryOf(await exportOne())
  }
  const attempts = await stack.database.prisma.attempt.findMany()
  expect(attempts.length).toBeGreaterThan(3)
  const stored = JSON.stringify(attempts, (_key, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  )
  const logs = [stack.apiProcess, ...stack.workers].map((one) => one.output())
  const queue = await readQueueContents(stack.queue)
  for (const text of [...responseTexts, ...logs, stored, queue]) {
    expect(text).not.toContain(password)
    expect(text).not.toContain(basic)
  }
  expect(logs.join('')).toContain('"GHOSTPOST_EGRESS_PROXY":"***"')
})
