import { freePort } from '@ghostpost/local-services'
import { respond } from '@ghostpost/test-kit/receiver/reactions'
import { startTraceReceiver, type ReceivedSpan, type TraceReceiver } from '@ghostpost/test-kit/trace-receiver'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callApi, exportBody } from '@ghostpost/test-kit/processes/call-api'
import type { RunningProcess } from '@ghostpost/test-kit/processes/start-process'
import { readQueueContents } from '../stores/queue-contents.ts'
import { startStack, type Stack, type StackSettings } from '@ghostpost/test-kit/processes/start-stack'

let collector: TraceReceiver
let stack: Stack
/** The only worker, so that it makes all attempts. */
let worker: RunningProcess

beforeAll(async () => {
  collector = await startTraceReceiver()
  stack = await startStack({
    GHOSTPOST_TRACES: 'true',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_HEADERS: 'x-team=growth',
    GHOSTPOST_RETRY_SCHEDULE: '0s 200ms 1h',
  })
  worker = stack.workers[0] as RunningProcess
})

afterAll(async () => {
  await stack.stop()
  await collector.stop()
})

async function replaceWorker(settings: StackSettings, preload?: readonly string[]): Promise<void> {
  await worker.stop()
  worker = await stack.startWorker(settings, preload)
}

const caller = { trace: '0af7651916cd43dd8448eb211c80319c', span: 'b7ad6b7169203331' }

async function exportIn(traceparent: string, api = stack.api): Promise<string> {
  const call = { body: exportBody(stack), headers: { traceparent } }
  const { body } = await callApi({ ...stack, api }, '/api/webhook', call)
  return String(body?.['delivery_id'])
}

const spansOf = (traceId: string): ReceivedSpan[] =>
  collector.spans.filter((span) => span.traceId === traceId)

test('a trace connects the caller, the queue and every attempt', async () => {
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
  const trace = 'aaf7651916cd43dd8448eb211c80319c'
  const id = await exportIn(`00-${trace}-${caller.span}-01`)
  const lines = (output: string): Record<string, unknown>[] =>
    output
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>)
  const attempted = await waitUntil('the worker has logged the attempt', () =>
    lines(worker.output()).find((line) => line['delivery_id'] === id),
  )
  const requested = await waitUntil('the API has logged the request', () =>
    lines(stack.apiProcess.output()).find(
      (line) => line['route'] === '/api/webhook' && line['trace_id'] === trace,
    ),
  )
  expect(attempted['trace_id']).toBe(trace)
  expect(attempted['request_id']).toBe(requested['request_id'])
})

test('no span has secrets of a receiver or a caller', async () => {
  const planted = 'planted-in-a-url'
  const webhook_url = `${stack.receiver.url}services/${planted}?token=${planted}`
  stack.receiver.next(respond(500))
  await callApi(stack, `/api/deliveries/gv_${planted}`)
  const ids: unknown[] = []
  for (const url of [webhook_url, `http://127.0.0.1:1/${planted}`]) {
    const body = exportBody(stack, { webhook_url: url })
    const response = await callApi(stack, '/api/webhook', { body })
    ids.push(response.body?.['delivery_id'])
  }
  const isAttempt = ({ name, attributes }: ReceivedSpan): boolean =>
    name === 'attempt' && ids.includes(attributes['ghostpost.delivery_id'])
  await waitUntil(
    'the spans of the attempts have arrived',
    () => collector.spans.filter(isAttempt).length >= 3,
  )
  const sent = collector.bodies.join('\n')
  for (const secret of [planted, stack.session, stack.receiver.url, stack.database.url, 'gv_a1b2'])
    expect(sent).not.toContain(secret)
  expect(sent).not.toMatch(/https?:\/\//)
  expect(collector.headers.at(-1)).toMatchObject({ 'x-team': 'growth' })
  expect(await readQueueContents(stack.queue)).not.toContain(planted)
})

test('an unsampled caller and a sample rate of 0 send no span', async () => {
  const service = 'unsampled-api'
  const { address } = await stack.startApi({ GHOSTPOST_TRACE_PERCENT: '0', OTEL_SERVICE_NAME: service })
  const unsampled = 'ccf7651916cd43dd8448eb211c80319c'
  const sampled = 'ddf7651916cd43dd8448eb211c80319c'
  const untraced = new Set<unknown>()
  for (const parent of [`00-${unsampled}-${caller.span}-00`, 'no traceparent at all'])
    untraced.add(await exportIn(parent, address))
  await exportIn(`00-${sampled}-${caller.span}-01`, address)
  await waitUntil('the sampled spans have arrived', () => {
    const found = spansOf(sampled)
    return found.some(({ name }) => name === 'attempt') && found.some((span) => span.service === service)
  })
  const traces = collector.spans.filter((span) => span.service === service).map(({ traceId }) => traceId)
  expect(new Set(traces)).toEqual(new Set([sampled]))
  const deliveries = collector.spans.map(({ attributes }) => attributes['ghostpost.delivery_id'])
  expect(deliveries.filter((id) => untraced.has(id))).toEqual([])
})

test('receivers get the trace header only with the setting', async () => {
  const headerOfNext = async (trace: string): Promise<unknown> => {
    const before = stack.receiver.requests.length
    await exportIn(`00-${trace}-${caller.span}-01`)
    return (await stack.receiver.waitForRequests(before + 1))[before]?.headers['traceparent']
  }
  expect(await headerOfNext('eef7651916cd43dd8448eb211c80319c')).toBeUndefined()
  await replaceWorker({ GHOSTPOST_TRACE_RECEIVERS: 'true' })
  const trace = 'bbf7651916cd43dd8448eb211c80319c'
  const header = await headerOfNext(trace)
  const sent = await waitUntil('the span of the request has arrived', () =>
    spansOf(trace).find(({ kind }) => kind === 3),
  )
  expect(header).toBe(`00-${trace}-${sent.spanId}-01`)
})

test('an unreachable collector does not affect deliveries and is logged', async () => {
  const closedPort = await freePort()
  const unreachable = {
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${closedPort}`,
    // The exporter tries again for as long as this: 10 s by default.
    OTEL_EXPORTER_OTLP_TIMEOUT: '1000',
  }
  const [{ address }] = await Promise.all([stack.startApi(unreachable), replaceWorker(unreachable)])
  const { status } = await callApi({ ...stack, api: address }, '/api/webhook', { body: exportBody(stack) })
  expect(status).toBe(200)
  await waitUntil('the worker logs it', () => worker.output().includes('traces could not be sent'))
  expect(await worker.stop()).toBe(0)
})

test('when traces are off, nothing of OpenTelemetry’s SDK is loaded', async () => {
  const note = `data:text/javascript,${encodeURIComponent(`
    import { registerHooks } from 'node:module'
    registerHooks({ resolve(name, context, next) {
      if (/^@opentelemetry\\/(?!api$)/.test(name)) console.log('loaded ' + name)
      return next(name, context)
    } })`)}`
  const off = { GHOSTPOST_TRACES: 'false' }
  const [on, apiWithoutTraces, apiWithTraces] = await Promise.all([
    stack.startWorker({}, [note]),
    stack.startApi(off, [note]),
    stack.startApi({}, [note]),
    replaceWorker(off, [note]),
  ])
  expect(worker.output()).not.toContain('loaded @opentelemetry')
  expect(on.output()).toContain('loaded @opentelemetry/sdk-trace')
  expect(apiWithoutTraces.output()).not.toContain('loaded @opentelemetry')
  expect(apiWithTraces.output()).toContain('loaded @opentelemetry/sdk-trace')
  const before = stack.receiver.requests.length
  await callApi({ ...stack, api: apiWithoutTraces.address }, '/api/webhook', { body: exportBody(stack) })
  const received = (await stack.receiver.waitForRequests(before + 1))[before]
  expect(received?.headers['traceparent']).toBeUndefined()
})
