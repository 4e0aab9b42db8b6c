import { freePort } from '@ghostpost/local-services'
import { respond, neverRespond, resetSocket } from '@ghostpost/test-kit/receiver/reactions'
import { startTraceReceiver, type TraceReceiver } from '@ghostpost/test-kit/trace-receiver'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callApi, exportBody } from '@ghostpost/test-kit/processes/call-api'
import { readQueueContents } from '../stores/queue-contents.ts'
import { scrape, scrapeToken } from '../telemetry/scrape.ts'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

let stack: Stack
let collector: TraceReceiver
let ports: [api: number, worker: number]
const planted = 'planted-secret-T0B0XYZ'

beforeAll(async () => {
  collector = await startTraceReceiver()
  ports = [await freePort(), await freePort()]
  stack = await startStack({
    GHOSTPOST_LOG_LEVEL: 'trace',
    GHOSTPOST_RETRY_SCHEDULE: '0s 1h',
    GHOSTPOST_METRICS_PORT: String(ports[0]),
    GHOSTPOST_WORKER_PORT: String(ports[1]),
    GHOSTPOST_METRICS_TOKEN: scrapeToken,
    GHOSTPOST_TRACES: 'true',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_HEADERS: `authorization=${planted}`,
  })
})

afterAll(async () => {
  await stack.stop()
  await collector.stop()
})

test('no log, error, response, queue, metric, trace or unsealed column has a secret or full receiver URL', async () => {
  const webhook_url = `${stack.receiver.url}services/${planted}?token=${planted}`
  const unreachable = `http://127.0.0.1:1/${planted}`
  const unresolvable = `https://nowhere.invalid/${planted}`
  const texts: string[] = []
  for (const reaction of [respond(200), respond(404), respond(500), neverRespond(), resetSocket()]) {
    stack.receiver.always(reaction)
    texts.push((await callApi(stack, '/api/webhook', { body: exportBody(stack, { webhook_url }) })).text)
  }
  for (const url of [unreachable, unresolvable]) {
    const sent = await callApi(stack, '/api/webhook', { body: exportBody(stack, { webhook_url: url }) })
    texts.push(sent.text, (await callApi(stack, `/api/deliveries/${sent.body?.['delivery_id']}`)).text)
  }
  texts.push(
    (await callApi(stack, '/api/webhook', { body: exportBody(stack, { webhook_url: `ftp://x/${planted}` }) }))
      .text,
  )
  await callApi(stack, '/api/session', {
    body: { email: stack.user.email, password: planted },
    session: null,
  })
  await callApi(stack, `/nothing/here?token=${planted}`)

  const output = await waitUntil('the worker has logged every attempt', () => {
    const written = stack.workers[0]?.output() ?? ''
    return written.split('delivery_attempted').length > 7 && written
  })
  const { rows } = await stack.database.pool.query<{ unsealed: string; sealed: Buffer }>(
    'select d::text as unsealed, receiver_url_sealed as sealed from deliveries d',
  )
  expect(rows.length).toBeGreaterThan(6)
  texts.push(...rows.flatMap(({ unsealed, sealed }) => [unsealed, sealed.toString('latin1')]))
  const queue = await readQueueContents(stack.queue)
  expect(queue.length).toBeGreaterThan(0)
  await waitUntil(
    'every attempt is traced',
    () => collector.spans.filter(({ name }) => name === 'attempt').length > 6,
  )
  const metrics = await Promise.all(ports.map(async (port) => (await scrape(port)).text))
  const telemetry = [...metrics, ...collector.bodies]
  for (const text of [...texts, output, stack.apiProcess.output(), queue, ...telemetry]) {
    expect(text).not.toContain(planted)
    expect(text).not.toContain(stack.session)
    expect(text).not.toContain(scrapeToken)
  }
  for (const text of telemetry) expect(text).not.toContain(stack.database.url)
  expect(output + stack.apiProcess.output()).not.toContain(stack.database.url)
})
