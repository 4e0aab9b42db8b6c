import { freePort } from '@ghostpost/local-services'
import { respond } from '@ghostpost/test-kit/receiver/reactions'
import { startTraceReceiver, type ReceivedSpan, type TraceReceiver } from '@ghostpost/test-kit/trace-receiver'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { callApi, exportBody } from '@ghostpost/test-kit/processes/call-api'
import { readQueueContents } from '../stores/queue-contents.ts'
import { startStack, type Stack, type StackSettings } from '@ghostpost/test-kit/processes/start-stack'

let collector: TraceReceiver
let stack: Stack

beforeAll(async () => {
  collector = await startTraceReceiver()
})

afterEach(() => stack.stop())

afterAll(() => collector.stop())

const start = (settings: StackSettings = {}): Promise<Stack> =>
  startStack({
    GHOSTPOST_TRACES: 'true',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_HEADERS: 'x-team=growth',
    GHOSTPOST_RETRY_SCHEDULE: '0s 200ms 1h',
    ...settings,
  })

const caller = { trace: '0af7651916cd43dd8448eb211c80319c', span: 'b7ad6b7169203331' }

async function exportIn(traceparent: string): Promise<string> {
  const { body } = await callApi(stack, '/api/webhook', { body: exportBody(stack), headers: { traceparent } })
  return String(body?.['delivery_id'])
}

const spansOf = (traceId: string): ReceivedSpan[] =>
  collector.spans.filter((span) => span.traceId === traceId)

test('a trace connects the caller, the queue and every attempt', async () => {
  stack = await start()
  stack.receiver.next(respond(503), respond(200))
  const id = await exportIn(`00-${caller.trace}-${caller.span}-01`)
  const spans = await waitUntil('the spans of both attempts have arrived', () => {
    const found = spansOf(caller.trace)
    return found.filter(({ kind }) => kind === 3).length === 2 && found.length === 7 && found
  })
  const below = (parent: string): ReceivedSpan[] =>
    spans.filter(({ parentSpanId }) => parentSpanId === parent)
  const only = (list: readonly ReceivedSpan[]): ReceivedSpan => {
    expect(list).toHaveLength(1)
    return list[0] as ReceivedSpan
  }
  const request = only(below(caller.span))
  expect(request).toMatchObject({ service: 'ghostpost-api', name: 'POST /api/webhook', kind: 2, status: 0 })
  expect(request.attributes).toMatchObject({ 'http.route': '/api/webhook', 'http.response.status_code': 202 })
  const enqueueSpan = only(below(request.spanId))
  expect(enqueueSpan).toMatchObject({ service: 'ghostpost-api', name: 'enqueue live', kind: 4 })
  const first = only(below(enqueueSpan.spanId))
  expect(first).toMatchObject({ service: 'ghostpost-worker', name: 'attempt', kind: 5, status: 2 })
  expect(first.attributes).toMatchObject({
    'ghostpost.delivery_id': id,
    'ghostpost.request_id': request.attributes['ghostpost.request_id'],
    'ghostpost.result': 'retrying',
    'ghostpost.attempt': 1,
  })
  const [sent, again] = below(first.spanId).toSorted((a, b) => a.kind - b.kind)
  expect(sent).toMatchObject({ name: 'POST', kind: 3, status: 2 })
  expect(sent?.attributes).toMatchObject({ 'http.response.status_code': 503, 'error.type': '503' })
  expect(again).toMatchObject({ service: 'ghostpost-worker', name: 'enqueue retry', kind: 4 })
  const second = only(below(again?.spanId ?? ''))
  expect(second).toMatchObject({ name: 'attempt', status: 0 })
  expect(second.attributes).toMatchObject({ 'ghostpost.attempt': 2, 'ghostpost.result': 'delivered' })
  expect(only(below(second.spanId))).toMatchObject({ kind: 3, status: 0 })
})

test('a log line of a traced request has the ids of trace and request', async () => {
  stack = await start()
  const trace = 'aaf7651916cd43dd8448eb211c80319c'
  const id = await exportIn(`00-${trace}-${caller.span}-01`)
  const lines = (output: string): Record<string, unknown>[] =>
    output
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>)
  const attempted = await waitUntil('the worker has logged the attempt', () =>
    lines(stack.workers[0]?.output() ?? '').find((line) => line['delivery_id'] === id),
  )
  const requested = await waitUntil('the API has logged the request', () =>
    lines(stack.apiProcess.output()).find((line) => line['route'] === '/api/webhook'),
  )
  expect([attempted['trace_id'], requested['trace_id']]).toEqual([trace, trace])
  expect(attempted['request_id']).toBe(requested['request_id'])
})

test('no span has secrets of a receiver or a caller', async () => {
  stack = await start({ OTEL_SERVICE_NAME: 'exports' })
  const planted = 'planted-in-a-url'
  const webhook_url = `${stack.receiver.url}services/${planted}?token=${planted}`
  stack.receiver.next(respond(500))
  await callApi(stack, `/api/deliveries/gv_${planted}`)
  await callApi(stack, '/api/webhook', { body: exportBody(stack, { webhook_url }) })
  await callApi(stack, '/api/webhook', {
    body: exportBody(stack, { webhook_url: `http://127.0.0.1:1/${planted}` }),
  })
  await waitUntil(
    'the spans of the attempts have arrived',
    () =>
      collector.spans.filter(({ name, service }) => name === 'attempt' && service === 'exports').length >= 3,
  )
  const sent = collector.bodies.join('\n')
  for (const secret of [planted, stack.session, stack.receiver.url, stack.database.url, 'gv_a1b2'])
    expect(sent).not.toContain(secret)
  expect(sent).not.toMatch(/https?:\/\//)
  expect(collector.headers.at(-1)).toMatchObject({ 'x-team': 'growth' })
  expect(await readQueueContents(stack.queue)).not.toContain(planted)
})

test('receivers get the trace header only with the setting', async () => {
  stack = await start({ GHOSTPOST_TRACE_RECEIVERS: 'true' })
  const trace = 'bbf7651916cd43dd8448eb211c80319c'
  await exportIn(`00-${trace}-${caller.span}-01`)
  const sent = await waitUntil('the span of the request has arrived', () =>
    spansOf(trace).find(({ kind }) => kind === 3),
  )
  const [received] = await stack.receiver.waitForRequests(1)
  expect(received?.headers['traceparent']).toBe(`00-${trace}-${sent.spanId}-01`)
  await stack.stop()
  stack = await start()
  await exportIn(`00-${trace}-${caller.span}-01`)
  const [untraced] = await stack.receiver.waitForRequests(1)
  expect(untraced?.headers['traceparent']).toBeUndefined()
})

test('an unsampled caller and a sample rate of 0 send no span', async () => {
  stack = await start({ GHOSTPOST_TRACE_PERCENT: '0' })
  const unsampled = 'ccf7651916cd43dd8448eb211c80319c'
  const sampled = 'ddf7651916cd43dd8448eb211c80319c'
  await exportIn(`00-${unsampled}-${caller.span}-00`)
  await exportIn('no traceparent at all')
  const before = new Set(collector.spans.map(({ traceId }) => traceId))
  await exportIn(`00-${sampled}-${caller.span}-01`)
  await waitUntil('the sampled span has arrived', () =>
    spansOf(sampled).some(({ name }) => name === 'attempt'),
  )
  const since = new Set(collector.spans.map(({ traceId }) => traceId).filter((one) => !before.has(one)))
  expect([...since]).toEqual([sampled])
})

test('an unreachable collector does not affect deliveries and is logged', async () => {
  const closedPort = await freePort()
  stack = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${closedPort}` })
  const { status } = await callApi(stack, '/api/webhook', { body: exportBody(stack) })
  expect(status).toBe(200)
  await waitUntil('the worker logs it', () => stack.workers[0]?.output().includes('traces could not be sent'))
  expect(await stack.workers[0]?.stop()).toBe(0)
})

test('when traces are off, nothing of OpenTelemetry’s SDK is loaded', async () => {
  const note = `data:text/javascript,${encodeURIComponent(`
    import { registerHooks } from 'node:module'
    registerHooks({ resolve(name, context, next) {
      if (/^@opentelemetry\\/(?!api$)/.test(name)) console.log('loaded ' + name)
      return next(name, context)
    } })`)}`
  stack = await start({ GHOSTPOST_TRACES: 'false' })
  const off = await stack.startWorker({}, [note])
  const on = await stack.startWorker({ GHOSTPOST_TRACES: 'true' }, [note])
  expect(off.output()).not.toContain('loaded @opentelemetry')
  expect(on.output()).toContain('loaded @opentelemetry/sdk-trace')
  const apiWithoutTraces = await stack.startApi({}, [note])
  const apiWithTraces = await stack.startApi({ GHOSTPOST_TRACES: 'true' }, [note])
  expect(apiWithoutTraces.output()).not.toContain('loaded @opentelemetry')
  expect(apiWithTraces.output()).toContain('loaded @opentelemetry/sdk-trace')
  await callApi(stack, '/api/webhook', { body: exportBody(stack) })
  const [received] = await stack.receiver.waitForRequests(1)
  expect(received?.headers['traceparent']).toBeUndefined()
})
