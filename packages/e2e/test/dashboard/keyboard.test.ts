import { respond } from '@ghostpost/test-kit/receiver/reactions'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  createAdminSession,
  chromiumPath,
  waitForHeading,
  startDashboard,
  type Dashboard,
} from './dashboard.ts'
import { callApi, exportBody } from '@ghostpost/test-kit/processes/call-api'

/** The name of what has the focus. */
const focusedName =
  '(document.activeElement?.labels?.[0]?.textContent ?? document.activeElement?.ariaLabel ?? document.activeElement?.textContent ?? "").trim()'

/** Nothing in this file presses anything but keys. */
describe.skipIf(chromiumPath === null)('with the keyboard alone', () => {
  let dashboard: Dashboard

  beforeAll(async () => {
    dashboard = await startDashboard()
  })

  beforeEach(async () => {
    const { database, receiver } = dashboard.stack
    await database.pool.query('delete from operations')
    await database.pool.query('delete from deliveries')
    receiver.always(respond(404))
    const { rows } = await database.pool.query<{ ghost_vid: string }>(
      'select ghost_vid from visitors where site_id = 4 order by id limit 12',
    )
    // One after the other, so that their order is known.
    for (const { ghost_vid } of rows)
      await callApi(dashboard.stack, '/api/webhook', { body: exportBody(dashboard.stack, { ghost_vid }) })
  })

  afterAll(() => dashboard?.stop())

  async function keys(page: Page, ...pressed: string[]): Promise<void> {
    for (const key of pressed) await page.keyboard.press(key)
  }

  /** Goes on until the focus is there, as somebody who looks does. */
  async function tabTo(page: Page, name: string | RegExp): Promise<void> {
    for (let tries = 0; tries < 60; tries += 1) {
      await page.keyboard.press('Tab')
      const reached = await page.evaluate<string>(focusedName)
      if (typeof name === 'string' ? reached === name : name.test(reached)) return
    }
    throw new Error(`The focus never came to ${name}.`)
  }

  /** From the question to the start of the operation. */
  async function resendByKeys(page: Page, count: number): Promise<void> {
    await page.keyboard.press('r')
    await page.getByRole('dialog').waitFor()
    await tabTo(page, 'See what would happen')
    await page.keyboard.press('Enter')
    await page.getByText(`${count} deliveries would be sent`).waitFor()
    await tabTo(page, 'Start')
    await page.keyboard.press('Enter')
  }

  test('somebody signs in, opens a failure group and replays it', async () => {
    const { user, receiver } = dashboard.stack
    const { page, close } = await dashboard.open('/', { session: null })
    await waitForHeading(page, 'Sign in to Ghostpost')
    await tabTo(page, 'E-mail address')
    await page.keyboard.type(user.email)
    await page.keyboard.press('Tab')
    await page.keyboard.type(user.password)
    await page.keyboard.press('Enter')
    await waitForHeading(page, 'Overview')
    await keys(page, 'g', 'f')
    await waitForHeading(page, 'Failures')
    await page.getByRole('link', { name: /The receiver answered 404/ }).waitFor()
    await tabTo(page, /^The receiver answered 404/)
    await page.keyboard.press('Enter')
    await waitForHeading(page, /The receiver answered 404/)
    receiver.always(respond(200))
    await resendByKeys(page, 12)
    await waitForHeading(page, /Resend 12 deliveries Completed/)
    await close()
  })

  test('a lead is found, its delivery opened and resent', async () => {
    const { page, close } = await dashboard.open('/')
    await waitForHeading(page, 'Overview')
    await page.keyboard.press('/')
    await waitForHeading(page, 'Deliveries')
    await page.locator('input[type=search]:focus').waitFor()
    await page.keyboard.type('jane@example.com')
    await page.keyboard.press('Enter')
    await page.getByText('1 delivery', { exact: true }).waitFor()
    await page.getByRole('row', { name: /jane@example.com/ }).waitFor()
    // Out of the field, where letters are letters.
    await keys(page, 'Escape', 'j', 'Enter')
    await waitForHeading(page, /Failed/)
    dashboard.stack.receiver.always(respond(200))
    await page.keyboard.press('r')
    await page.getByRole('dialog').waitFor()
    await tabTo(page, 'Resend')
    await page.keyboard.press('Enter')
    await waitForHeading(page, /Delivered/)
    await page.keyboard.press('[')
    await expect.poll(() => new URL(page.url()).searchParams.get('attempt')).toBe('1')
    await page.keyboard.press(']')
    await expect.poll(() => new URL(page.url()).searchParams.get('attempt')).toBe('2')
    await close()
  })

  test('rows are walked, selected one by one and from one to another, and replayed through a plan', async () => {
    const { page, close } = await dashboard.open('/deliveries')
    await page.getByText('12 deliveries').waitFor()
    await keys(page, 'j', 'j', 'x')
    await page.getByText('1 delivery selected').waitFor()
    await keys(page, 'j', 'j', 'j', 'Shift+X')
    await page.getByText('4 deliveries selected').waitFor()
    await keys(page, 'k', 'x')
    await page.getByText('3 deliveries selected').waitFor()
    dashboard.stack.receiver.always(respond(200))
    await resendByKeys(page, 3)
    await waitForHeading(page, /Resend 3 deliveries Completed/)
    await close()
  })

  test('a lane is held and let go', async () => {
    const session = await createAdminSession(dashboard.stack.database)
    const { page, close } = await dashboard.open('/', { session })
    await waitForHeading(page, 'Overview')
    await keys(page, 'g', 'q')
    await waitForHeading(page, 'Queues')
    await tabTo(page, 'Hold retry')
    await page.keyboard.press('Enter')
    await page
      .getByRole('textbox', { name: 'Why (shown to everybody)' })
      .and(page.locator(':focus'))
      .waitFor()
    await page.keyboard.type('a look at the receiver')
    await page.keyboard.press('Enter')
    const row = page.getByRole('row', { name: /^retry/ })
    await row.getByText('Held', { exact: true }).waitFor()
    await tabTo(page, 'Resume retry')
    await page.keyboard.press('Enter')
    await tabTo(page, 'Resume')
    await page.keyboard.press('Enter')
    await row.getByText('Running').waitFor()
    await close()
  })

  test('a plot is read bucket by bucket', async () => {
    const { page, close } = await dashboard.open('/?range=1h')
    await waitForHeading(page, 'Overview')
    await page.getByRole('group', { name: /^Attempts: plot/ }).waitFor()
    await tabTo(page, /^Attempts: plot/)
    await page.keyboard.press('End')
    const told = page.getByRole('region', { name: 'Attempts' }).getByRole('status')
    await told
      .getByText(/^\d\d:\d\d–\d\d:\d\d: Delivered \d+, To be tried again \d+, Given up \d+$/)
      .waitFor()
    await page.keyboard.press('Tab')
    await told.getByText(/delivered.*Each bar is 1 min/).waitFor()
    await close()
  })

  test('single keys can be switched off, for those whose voice or hand would press them', async () => {
    const { page, close } = await dashboard.open('/')
    await waitForHeading(page, 'Overview')
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
    const box = page.getByRole('checkbox', { name: /Single keys/ })
    await tabTo(page, /^Single keys/)
    await keys(page, 'Space', 'Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await keys(page, 'g', 'd', 't')
    await page.keyboard.press('?')
    expect(await box.isChecked()).toBe(false)
    await waitForHeading(page, 'Overview')
    await tabTo(page, /^Single keys/)
    await keys(page, 'Space', 'Escape', 'g', 'd')
    await waitForHeading(page, 'Deliveries')
    await close()
  })
})
