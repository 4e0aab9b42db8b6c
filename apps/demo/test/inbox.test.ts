import { freePort } from '@ghostpost/local-services'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { choosePort } from '../src/choose-port.ts'
import { startInbox, type Inbox } from '../src/inbox.ts'
import { welcomeText } from '../src/welcome.ts'

let inbox: Inbox

beforeAll(async () => {
  inbox = await startInbox(await freePort())
})

afterAll(() => inbox.stop())

async function post(path: string, body = '{}'): Promise<Response> {
  return fetch(inbox.url + path, { method: 'POST', body })
}

test.each([
  ['/hooks/custom', 200, '{"received":true}'],
  ['/hooks/slack', 200, 'ok'],
  ['/hooks/hubspot', 202, '{"id":"enrollment-1"}'],
  ['/status/503', 503, '{"status":503}'],
  ['/status/204', 204, ''],
])('the inbox responds to %s as that tool does', async (path, status, body) => {
  const response = await post(path)
  expect(response.status).toBe(status)
  expect(await response.text()).toBe(body)
})

test('the inbox shows received webhooks as escaped text', async () => {
  await post('/hooks/custom', '{"city":"<script>alert(1)</script>"}')
  const page = await (await fetch(inbox.url)).text()
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
  expect(page).not.toContain('<script>')
  const arrivals = (await (await fetch(`${inbox.url}/arrivals.json`)).json()) as { path: string }[]
  expect(arrivals[0]).toMatchObject({ path: '/hooks/custom' })
})

test('a requested port that is in use is refused with a sentence', async () => {
  const taken = new URL(inbox.url).port
  await expect(choosePort('INBOX_PORT', taken, 1)).rejects.toThrow(
    `Port ${taken} is in use. Stop the process that listens on it`,
  )
  await expect(choosePort('INBOX_PORT', 'web', 1)).rejects.toThrow('INBOX_PORT is web, which is not a port')
})

test('a preferred port that is in use is replaced by a free one', async () => {
  expect(await choosePort('INBOX_PORT', undefined, Number(new URL(inbox.url).port))).not.toBe(
    Number(new URL(inbox.url).port),
  )
})

test('the welcome text has a curl line for each destination type', () => {
  const text = welcomeText({
    dashboard: 'http://127.0.0.1:4080/ops',
    api: 'http://a',
    inbox: 'http://i',
    session: 's',
    queue: 'q',
    processEnded: Promise.resolve(''),
    stop: async () => {},
  })
  expect([...text.matchAll(/"webhook_type":"(\w+)"/g)].map(([, type]) => type)).toEqual([
    'custom', 'hubspot', 'salesforce', 'slack', 'discord',
  ]) // prettier-ignore
})
