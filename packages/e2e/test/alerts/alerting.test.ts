import { randomUUID } from 'node:crypto'
import { createSessionToken, createUser } from '@ghostpost/test-kit/accounts'
import { startMailServer, type MailServer } from '@ghostpost/test-kit/mail-server'
import { respond } from '@ghostpost/test-kit/receiver/reactions'
import type { Reaction, ReceivedRequest } from '@ghostpost/test-kit/receiver/receiver'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { callApi, errorCodeOf, exportBody, type ApiResponse } from '@ghostpost/test-kit/processes/call-api'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

let stack: Stack
let mail: MailServer
const account = { user: 'alerts', password: 'planted-smtp-secret' }

beforeAll(async () => {
  mail = await startMailServer({ account })
  const settings = {
    GHOSTPOST_SMTP_URL: mail.url,
    GHOSTPOST_SMTP_FROM: 'Ghostpost <alerts@example.com>',
    // A bare host name, as inside Compose or Kubernetes.
    GHOSTPOST_DASHBOARD_URL: 'http://ghostpost:4080/ops',
    GHOSTPOST_RETRY_SCHEDULE: '0s 200ms 200ms 200ms 1h',
  }
  stack = await startStack(settings, 2)
})

let alertReaction: Reaction

beforeEach(async () => {
  await stack.database.pool.query('delete from alert_rules')
  await stack.database.pool.query('delete from deliveries')
  stack.receiver.requests.length = 0
  mail.emails.length = 0
  alertReaction = respond(200)
  respondToExports(400)
})

afterAll(async () => {
  await stack.stop()
  await mail.stop()
})

/** The receiver responds to exports with this status, and to alerts with `alertReaction`. */
function respondToExports(status: number): void {
  stack.receiver.always((request, response) =>
    request.url?.startsWith('/alerts')
      ? alertReaction(request, response)
      : respond(status)(request, response),
  )
}

async function destination(type = 'custom', path = `alerts/${randomUUID()}`): Promise<string> {
  const body = { name: randomUUID(), webhook_type: type, webhook_url: `${stack.receiver.url}${path}` }
  const { headers } = await callApi(stack, '/api/destinations', { body })
  return headers.get('location')?.split('/').at(-1) ?? ''
}

async function rule(changes: object = {}): Promise<string> {
  const body = {
    name: 'Too many fail',
    kind: 'failure_rate',
    minimum_count: 3,
    cooldown_seconds: 0,
    ...changes,
  }
  const created = await callApi(stack, '/api/alert-rules', { body })
  expect(created.status).toBe(201)
  return created.headers.get('location') ?? ''
}

async function exportMany(count: number, changes: object = {}): Promise<void> {
  await Promise.all(
    Array.from({ length: count }, () =>
      callApi(stack, '/api/webhook', { body: exportBody(stack, { ...changes }) }),
    ),
  )
}

const alerts = (): ReceivedRequest[] =>
  stack.receiver.requests.filter(({ path }) => path.startsWith('/alerts'))

interface Alert {
  phase: string
  summary: string
  causes: { cause: string; count: number; remedy: string }[]
  link: string
}

const phases = (): string[] => alerts().map(({ json }) => (json() as Alert).phase)

async function state(path: string): Promise<string> {
  return String((await callApi(stack, path)).body?.['state'])
}

/** Waits for two more evaluations of the rule, so that a second notification would have been stored. */
async function evaluatedAgain(path: string): Promise<void> {
  const evaluatedAt = async (): Promise<unknown> => (await callApi(stack, path)).body?.['evaluated_at']
  for (let evaluation = 0; evaluation < 2; evaluation += 1) {
    const before = await evaluatedAt()
    await waitUntil('the rule is evaluated again', async () => (await evaluatedAt()) !== before)
  }
}

describe('when too many exports fail', () => {
  test('one alert has numbers, causes and a link to the deliveries, and a second one is resolved', async () => {
    const path = await rule({ notify: { destination_id: await destination() } })
    await exportMany(4)
    await waitUntil('the alert has arrived', () => alerts().length > 0)
    const alert = alerts()[0]?.json() as Alert
    expect(alert).toMatchObject({
      type: 'ghostpost.alert',
      phase: 'firing',
      summary: expect.stringMatching(
        /^100 % of the exports made in the last 15 minutes \(.+\) fail: [34] of [34]\./,
      ),
      causes: [{ cause: 'bad_request', remedy: 'Read the response: it says what the receiver expects.' }],
    })
    expect(alerts()[0]?.headers['webhook-signature']).toMatch(/^v1,/)

    // The dashboard's list sends the query of the link to the API.
    const link = new URL(alert.link)
    expect(`${link.origin}${link.pathname}`).toBe('http://ghostpost:4080/ops/deliveries')
    const query = new URLSearchParams(link.search.replace('site=', 'siteId='))
    const listed = await callApi(stack, `/api/deliveries?${query.toString()}`)
    const items = (listed.body?.['items'] ?? []) as unknown[]
    expect(items.length).toBeGreaterThanOrEqual(3)

    await evaluatedAgain(path)
    respondToExports(200)
    await exportMany(30)
    await waitUntil('the rule is resolved', async () => (await state(path)) === 'resolved')
    await waitUntil('the second alert has arrived', () => alerts().length > 1)
    await evaluatedAgain(path)
    expect(phases()).toEqual(['firing', 'resolved'])
  })

  test('the alert is in the log, marked and retried, and does not count for its own rule', async () => {
    alertReaction = respond(503)
    const id = (await rule({ notify: { destination_id: await destination() }, minimum_count: 4 }))
      .split('/')
      .at(-1)
    await exportMany(4)
    const logged = await waitUntil('the alert was tried more than once', async () => {
      const { body } = await callApi(stack, '/api/deliveries?siteId=4')
      const items = body?.['items'] as {
        alert_rule_id: string | null
        attempts: number
        delivery_id: string
      }[]
      return items.find((one) => one.alert_rule_id === id && one.attempts > 1)
    })
    expect(new Set(alerts().map(({ headers }) => headers['webhook-id']))).toEqual(
      new Set([logged.delivery_id]),
    )
    expect(new Set(alerts().map(({ body }) => body)).size).toBe(1)
    // The only failing delivery is now the alert itself.
    await stack.database.pool.query('delete from deliveries where alert_rule_id is null')
    const path = `/api/alert-rules/${id}`
    await waitUntil(
      'the rule does not fire because of its own alert',
      async () => (await state(path)) === 'resolved',
    )
    expect((await callApi(stack, path)).body).toMatchObject({ last_value: null })
    const delivery = await callApi(stack, `/api/deliveries/${logged.delivery_id}`)
    expect(delivery.body).toMatchObject({ alert_rule_id: id, ghost_vid: 'gv_ghostpost_alert' })
  })

  test('two workers notify once, although one of them is killed', async () => {
    const path = await rule({ notify: { destination_id: await destination(), email: ['ada@example.com'] } })
    const victim = await stack.startWorker()
    const exporting = exportMany(12)
    await waitUntil('exports fail', () => stack.receiver.requests.length > 3)
    await victim.kill()
    await exporting
    await waitUntil('the alert has arrived', () => alerts().length > 0 && mail.emails.length > 0)
    await evaluatedAgain(path)
    // The killed worker may have sent the alert without recording it: then it arrives again, under the same id.
    expect(new Set(alerts().map(({ headers }) => headers['webhook-id'])).size).toBe(1)
    expect(new Set(phases())).toEqual(new Set(['firing']))
    const { rows } = await stack.database.pool.query('select phase from alerts')
    expect(rows).toEqual([{ phase: 'firing' }])
  })

  test('nobody is notified again after all workers restart', async () => {
    const path = await rule({ notify: { destination_id: await destination() } })
    await exportMany(4)
    await waitUntil('the alert has arrived', () => alerts().length > 0)
    await Promise.all(stack.workers.map((worker) => worker.stop()))
    const restartedWorker = await stack.startWorker()
    await evaluatedAgain(path)
    expect([phases(), await state(path)]).toEqual([['firing'], 'firing'])
    stack.workers.splice(0, stack.workers.length, restartedWorker)
  })
})

test('an alert on a disabled destination names it and links to it', async () => {
  const watched = await destination('custom', 'leads')
  await rule({
    name: 'Gone',
    kind: 'destination_disabled',
    minimum_count: undefined,
    filter: { destination_id: watched },
    notify: { destination_id: await destination('slack') },
  })
  respondToExports(410)
  const export1 = { destination_id: watched, webhook_url: undefined }
  await exportMany(1, export1)
  await waitUntil('the alert has arrived', () => alerts().length > 0)
  const { body } = alerts()[0] ?? { body: '' }
  expect(body).toContain('1 destination is disabled')
  expect(body).toContain(`/ops/destinations/${watched}?site=4`)
})

describe('by e-mail', () => {
  test('the alert has the same text, and is retried while the mail server is busy', async () => {
    mail.refuseNext(451)
    const path = await rule({ name: 'Mail me', notify: { email: ['ada@example.com', 'bob@example.com'] } })
    await exportMany(4)
    const failed = await waitUntil('the first attempt has failed', async () => {
      const { body } = await callApi(stack, path)
      const last = body?.['last_alert'] as { email: { state: string; error: string | null } } | null
      return last?.email.error && last
    })
    expect(failed).toMatchObject({
      delivery_id: null,
      email: { state: 'waiting', error: expect.stringContaining('451') },
    })
    await stack.database.pool.query('update alerts set email_due_at = now()')
    await waitUntil('the e-mail has arrived', () => mail.emails.length > 0)
    expect(mail.emails).toMatchObject([
      { from: 'alerts@example.com', to: ['ada@example.com', 'bob@example.com'] },
    ])
    expect(mail.emails[0]?.header('subject')).toBe('[Ghostpost] Firing: Mail me')
    expect(mail.emails[0]?.text).toMatch(
      /Most frequent causes:\r\n- [34] × 127\.0\.0\.1:\d+: The receiver responded with 400/,
    )
    await waitUntil('the rule shows that', async () =>
      JSON.stringify((await callApi(stack, path)).body).includes('"sent"'),
    )
  })

  test('the logs contain no password of the mail server and no address', () => {
    const written = [stack.apiProcess, ...stack.workers].map((one) => one.output()).join('')
    expect(written).toContain('email_sent')
    expect(written).not.toContain(account.password)
    expect(written).not.toContain('ada@example.com')
  })
})

describe('a test of an alert', () => {
  test.each(['custom', 'slack', 'discord'])(
    'goes to %s, is marked, and returns the attempt',
    async (type) => {
      const path = await rule({ notify: { destination_id: await destination(type) } })
      const tested = await callApi(stack, `${path}/test`, { method: 'POST' })
      expect(tested.body).toMatchObject({
        delivery: { status: 'delivered', webhook_type: type, alert_rule_id: path.split('/').at(-1) },
        attempt: { number: 1, response_status: 200, decision: 'delivered' },
        email: null,
      })
      expect(alerts()).toHaveLength(1)
      expect(alerts()[0]?.body).toContain('This is a test of the alert')
      expect(await state(path)).toBe('ok')
    },
  )

  test('arrives in Discord, which refuses a message whose link has a host name without a dot', async () => {
    alertReaction = (request, response) => {
      const body = stack.receiver.requests.at(-1)?.json() as { embeds: { url?: string }[] } | undefined
      const embeds = body?.embeds ?? []
      const isRefused = embeds.some(({ url }) => url !== undefined && !new URL(url).hostname.includes('.'))
      return respond(isRefused ? 400 : 200, { body: isRefused ? '{"embeds":["0"]}' : '{"id":"1"}' })(
        request,
        response,
      )
    }
    const path = await rule({ notify: { destination_id: await destination('discord') } })
    const tested = await callApi(stack, `${path}/test`, { method: 'POST' })
    expect(tested.body).toMatchObject({ delivery: { status: 'delivered' } })
    expect(alerts()[0]?.body).toContain('http://ghostpost:4080/ops/')
  })

  test('goes by e-mail and returns the outcome of the mail server', async () => {
    const path = await rule({ notify: { email: ['ada@example.com'] } })
    const sent = await callApi(stack, `${path}/test`, { method: 'POST' })
    expect(sent.body).toEqual({
      delivery: null,
      attempt: null,
      waits_for: null,
      email: { state: 'sent', error: null },
    })
    expect(mail.emails[0]?.header('subject')).toBe('[Ghostpost] Test: Too many fail')
    mail.refuseNext(554)
    const refused = await callApi(stack, `${path}/test`, { method: 'POST' })
    expect(refused.body).toMatchObject({
      email: { state: 'failed', error: 'The mail server refuses the message. (554)' },
    })
  })

  test('goes by e-mail ten times an hour for one person, and then is neither sent nor stored', async () => {
    const { id } = await createUser(stack.database, [4])
    const session = await createSessionToken(stack.database, id)
    const path = await rule({ notify: { email: ['ada@example.com'] } })
    const test = (): Promise<ApiResponse> => callApi(stack, `${path}/test`, { method: 'POST', session })
    for (let sent = 0; sent < 10; sent += 1) expect((await test()).status).toBe(200)
    const before = mail.emails.length
    const refused = await test()
    expect([refused.status, errorCodeOf(refused)]).toEqual([429, 'rate_limited'])
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(mail.emails).toHaveLength(before)
  })

  test('returns the refusal of its receiver', async () => {
    alertReaction = respond(404)
    const path = await rule({ notify: { destination_id: await destination() } })
    const tested = await callApi(stack, `${path}/test`, { method: 'POST' })
    expect(tested.body).toMatchObject({
      delivery: { status: 'failed' },
      attempt: { decision: 'give_up', error: { code: 'not_found' } },
    })
  })
})
