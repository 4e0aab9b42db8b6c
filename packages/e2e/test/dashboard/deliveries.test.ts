import { respond } from '@ghostpost/test-kit/receiver/reactions'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { chromiumPath, waitForHeading, startDashboard, type Dashboard } from './dashboard.ts'
import { callApi, exportBody } from '@ghostpost/test-kit/processes/call-api'

describe.skipIf(chromiumPath === null)('deliveries', () => {
  let dashboard: Dashboard

  beforeAll(async () => {
    dashboard = await startDashboard()
  })

  beforeEach(async () => {
    dashboard.stack.receiver.always(respond(200))
    await dashboard.stack.database.pool.query('delete from deliveries')
  })

  afterAll(() => dashboard?.stop())

  /** Exports a visitor, waits for the outcome, and returns the delivery id. */
  async function exported(changes: Record<string, unknown> = {}): Promise<string> {
    const { body } = await callApi(dashboard.stack, '/api/webhook', {
      body: exportBody(dashboard.stack, changes),
    })
    return String(body?.['delivery_id'])
  }

  async function exportOthers(count: number): Promise<void> {
    const { rows } = await dashboard.stack.database.pool.query<{ ghost_vid: string }>(
      `select ghost_vid from visitors where site_id = 4 and ghost_vid <> 'gv_a1b2c3d4_e5f6g7h8' limit $1`,
      [count],
    )
    await Promise.all(rows.map(({ ghost_vid }) => exported({ ghost_vid })))
  }

  test('a failed delivery is found by its lead and resent, and the page shows when it is delivered', async () => {
    const { receiver } = dashboard.stack
    await exportOthers(2)
    receiver.always(respond(400, { body: '{"why":"no such field"}' }))
    const id = await exported()
    const { page, close } = await dashboard.open('/deliveries')
    await page.getByRole('searchbox').fill('jane@example.com')
    await page.keyboard.press('Enter')
    await page.getByText('1 delivery', { exact: true }).waitFor()
    expect(new URL(page.url()).search).toBe('?identified_user=jane%40example.com')
    await page.getByRole('searchbox').fill('Jane')
    await page.keyboard.press('Enter')
    await page.getByText('Words: Jane').waitFor()
    await page.getByText('1 delivery', { exact: true }).waitFor()
    expect(new URL(page.url()).search).toBe('?text=Jane')
    const row = page.getByRole('row', { name: /jane@example.com/ })
    expect(await row.textContent()).toContain('Failed')
    await row.getByRole('link').first().click()
    await waitForHeading(page, /Delivery of jane@example.com Failed/)
    await page.getByText('no such field').waitFor()

    receiver.always(respond(200))
    await page.getByRole('button', { name: 'Resend', exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Resend' }).click()
    await waitForHeading(page, /Delivered/)
    await page.getByText('Attempt 2: HTTP 200').waitFor()
    expect(page.url()).toContain(id)
    await close()
  })

  test('the address holds the filter, and the page names unknown parameters', async () => {
    await exportOthers(2)
    dashboard.stack.receiver.always(respond(400))
    await exported()
    const { page, close } = await dashboard.open('/deliveries?colour=red')
    await page.getByText('parameters of this address: colour').waitFor()
    await page.getByText('3 deliveries').waitFor()
    await page.getByLabel('Status').selectOption('delivered')
    await page.getByText('2 deliveries').waitFor()
    expect(new URL(page.url()).searchParams.get('status')).toBe('delivered')
    await page.getByRole('row').nth(2).getByText('200', { exact: true }).waitFor()
    expect(await page.getByRole('row').count()).toBe(3)
    await page.goBack()
    await page.getByText('3 deliveries').waitFor()
    await page.getByLabel('Type', { exact: true }).selectOption('discord')
    await page.getByRole('heading', { name: 'No matching deliveries' }).waitFor()
    await page.getByRole('button', { name: 'Clear the filter' }).click()
    await page.getByText('3 deliveries').waitFor()
    await close()
  })

  test('a payload is previewed as in Slack, its attempt has timings, and it is copied as a curl command', async () => {
    dashboard.stack.receiver.always(respond(200, { body: 'ok' }))
    const id = await exported({ webhook_type: 'slack' })
    const { page, context, close } = await dashboard.open(`/deliveries/${id}`)
    const preview = page.getByRole('figure', { name: 'As Slack shows it' })
    await preview.locator('b', { hasText: 'Visitor ID:' }).waitFor()
    await page.getByRole('button', { name: 'Raw' }).click()
    await page.getByLabel('Payload', { exact: true }).getByText('"blocks"').waitFor()
    await page.getByRole('heading', { name: /^Duration \(.+ in total\)$/ }).waitFor()
    await page.getByRole('term').getByText('Wait for response', { exact: true }).waitFor()
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.getByRole('button', { name: 'Copy as curl' }).click()
    await page.getByRole('button', { name: 'Copied' }).waitFor()
    const line = await page.evaluate<string>('navigator.clipboard.readText()')
    expect(line).toMatch(/^curl -sS -X POST "\$RECEIVER_URL" \\\n/)
    expect(line).toContain('"blocks"')
    await close()
  })

  test('times are shown in the chosen time zone, also after a reload', async () => {
    await exported()
    const { page, close } = await dashboard.open('/deliveries')
    const time = page
      .getByRole('row', { name: /jane@example.com/ })
      .locator('time')
      .first()
    const at = new Date((await time.getAttribute('datetime')) ?? '')
    const clock = (timeZone: string): string => at.toLocaleTimeString('en-GB', { timeZone })
    expect(await time.textContent()).toContain(clock('Europe/Berlin'))
    await page.getByLabel('Time zone').selectOption('utc')
    await time.getByText(clock('UTC')).waitFor()
    await page.reload()
    await time.getByText(clock('UTC')).waitFor()
    await close()
  })

  test('rows keep their position; new deliveries are counted and shown on request', async () => {
    await exportOthers(2)
    const { page, close } = await dashboard.open('/deliveries')
    await page.getByText('2 deliveries').waitFor()
    await exported()
    const more = page.getByRole('button', { name: '1 new delivery – show' })
    await more.waitFor()
    expect(await page.getByRole('row').count()).toBe(3)
    await more.click()
    await page.getByRole('row', { name: /jane@example.com/ }).waitFor()
    await close()
  })

  test('pages turn, and one more press selects all matching deliveries', async () => {
    await exportOthers(60)
    const { page, close } = await dashboard.open('/deliveries?status=delivered')
    await page.getByText('60 deliveries').waitFor()
    await page.getByLabel('Select all on this page').check()
    await page.getByText('50 deliveries selected').waitFor()
    await page.getByRole('button', { name: 'Select all 60 deliveries that match' }).click()
    await page.getByText('All 60 deliveries that match selected').waitFor()
    await page.getByRole('button', { name: 'Older' }).click()
    await page.getByText('Page 2').waitFor()
    const rows = page.getByRole('row')
    await waitUntil('the second page is drawn', async () => (await rows.count()) === 11)
    expect(await page.getByText('selected').count()).toBe(0)
    await page.getByRole('button', { name: 'Newer' }).click()
    await page.getByText('Page 1').waitFor()
    await waitUntil('the first page is drawn again', async () => (await rows.count()) === 51)
    await close()
  })

  test('an edited payload is sent as a new delivery', async () => {
    const { receiver } = dashboard.stack
    receiver.always(respond(400))
    const id = await exported()
    receiver.always(respond(200))
    const { page, close } = await dashboard.open(`/deliveries/${id}`)
    await page.getByRole('button', { name: 'Edit and resend' }).click()
    const body = page.getByLabel('Body, as JSON')
    expect(await body.inputValue()).toContain('gv_a1b2c3d4_e5f6g7h8')
    await body.fill('{ "edited": ')
    await page.getByRole('dialog').getByRole('status').getByText('This is not valid JSON').waitFor()
    await body.fill('{ "edited": true }')
    await page.getByRole('button', { name: 'Send as a new delivery' }).click()
    await waitForHeading(page, /Delivered/)
    expect(page.url()).not.toContain(id)
    expect(receiver.requests.at(-1)?.json()).toEqual({ edited: true })
    await page.getByRole('link', { name: 'another delivery' }).click()
    await waitForHeading(page, /Recovered/)
    await page.getByRole('link', { name: 'a delivery made from it, which arrived' }).click()
    await waitForHeading(page, /Delivered/)
    await close()
  })

  test('what is due in the next hour is one list, and all of it is cancelled at once', async () => {
    await exportOthers(12)
    await dashboard.stack.database.pool.query(
      `update deliveries
       set state = 'retrying', finished_at = null, delivered_at = null, sweep_at = now() + interval '1 day',
         next_attempt_at = now() + row_number * interval '4 minutes'
       from (select id as other, row_number() over (order by id) from deliveries) numbered
       where id = other`,
    )
    const { page, close } = await dashboard.open('/queues')
    await page.getByRole('link', { name: 'Due in the next hour' }).click()
    await page.getByRole('table', { name: 'Deliveries, the next attempt first' }).waitFor()
    await page.getByText('12 deliveries', { exact: true }).waitFor()
    const times = await page.evaluate<string[]>(
      `[...document.querySelectorAll('main tbody tr td:last-child time')].map((one) => one.dateTime)`,
    )
    expect(times).toHaveLength(12)
    expect(times).toEqual(times.toSorted())
    await page.getByLabel('Select all on this page').check()
    await page.getByRole('button', { name: 'Cancel waiting …' }).click()
    await page.getByRole('button', { name: 'Preview the plan' }).click()
    await page.getByText('12 deliveries would be cancelled: no further attempt is made.').waitFor()
    await page.getByRole('button', { name: 'Start' }).click()
    await waitForHeading(page, /Cancel 12 deliveries Completed/)
    await page
      .getByRole('row', { name: /Cancelled/ })
      .nth(11)
      .waitFor()
    await close()
  })

  test('any status codes, several states and a named view are chosen without writing an address', async () => {
    dashboard.stack.receiver.always(respond(422))
    await exported()
    dashboard.stack.receiver.always(respond(200))
    await exportOthers(2)
    const { page, close } = await dashboard.open('/deliveries')
    await page.getByRole('button', { name: 'More filters …' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Failed').check()
    await dialog.getByLabel('Retrying').check()
    await dialog.getByLabel('Response status').fill('401, 422')
    await dialog.getByRole('button', { name: 'Apply' }).click()
    await page.getByText('1 delivery', { exact: true }).waitFor()
    expect(new URL(page.url()).searchParams.get('response_status')).toBe('401,422')
    await page.getByRole('button', { name: 'Save this view …' }).click()
    await dialog.getByLabel('Name').fill('Refused')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('button', { name: 'Clear all' }).click()
    await page.getByText('3 deliveries', { exact: true }).waitFor()
    await page.getByLabel('Saved view').selectOption('Refused')
    await page.getByText('1 delivery', { exact: true }).waitFor()
    await close()
  })

  test('a waiting delivery shows why, and can be cancelled', async () => {
    dashboard.stack.receiver.always(respond(503, { headers: { 'retry-after': '3600' } }))
    const id = await exported()
    const { page, close } = await dashboard.open(`/deliveries/${id}`)
    await page.getByRole('heading', { name: 'Why it is waiting' }).waitFor()
    await page.getByRole('button', { name: 'Cancel', exact: true }).click()
    await page.getByRole('button', { name: 'Cancel the delivery' }).click()
    await waitForHeading(page, /Cancelled/)
    await close()
  })

  test('a delivery that does not exist is reported as not found', async () => {
    const { page, close } = await dashboard.open('/deliveries/019db0f0-1111-7222-8333-444455556666')
    await waitForHeading(page, 'Delivery: not found')
    await page.getByText('Request id:').waitFor()
    await close()
  })
})
