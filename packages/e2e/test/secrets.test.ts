import { answer, neverAnswer, resetSocket, waitUntil } from '@ghostpost/test-kit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callApi, exportBody } from '../src/call-api.ts'
import { everythingInQueue } from '../src/queue-contents.ts'
import { startStack, type Stack } from '../src/start-stack.ts'

let stack: Stack
const planted = 'planted-secret-T0B0XYZ'

beforeAll(async () => {
  stack = await startStack({ GHOSTPOST_LOG_LEVEL: 'trace', GHOSTPOST_RETRY_SCHEDULE: '0s 1h' })
})

afterAll(() => stack.stop())

test('no secret and no full receiver URL is in a log, an error, an answer or the queue', async () => {
  const webhook_url = `${stack.receiver.url}services/${planted}?token=${planted}`
  const unreachable = `http://127.0.0.1:1/${planted}`
  const unresolvable = `https://nowhere.invalid/${planted}`
  const texts: string[] = []
  for (const reaction of [answer(200), answer(404), answer(500), neverAnswer(), resetSocket()]) {
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
  const queue = await everythingInQueue(stack.queue)
  expect(queue.length).toBeGreaterThan(0)
  for (const text of [...texts, output, stack.apiProcess.output(), queue]) {
    expect(text).not.toContain(planted)
    expect(text).not.toContain(stack.session)
  }
  expect(output + stack.apiProcess.output()).not.toContain(stack.database.url)
})
