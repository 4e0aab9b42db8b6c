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

/** The accessible name of the focused element. */
const focusedName = `(() => {
  const { labels, ariaLabel, textContent } = document.activeElement ?? {}
  return (labels?.[0]?.textContent ?? ariaLabel ?? textContent ?? '').trim()
})()`

/** The tests of this file use only keys. */
describe.skipIf(chromiumPath === null)('with only the keyboard', () => {
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
    // One after the other, so that the order is known.
    for (const { ghost_vid } of rows)
      await callApi(dashboard.stack, '/api/webhook', { body: exportBody(dashboard.stack, { ghost_vid }) })
  })

  afterAll(() => dashboard?.stop())

  async function keys(page: Page, ...pressed: string[]): Promise<void> {
    for (const key of pressed) await page.keyboard.press(key)
  }

  /** Presses Tab until the element with this name has the focus. */
  async function tabTo(page: Page, name: string | RegExp): Promise<void> {
    for (let tries = 0; tries < 60; tries += 1) {
      await page.keyboard.press('Tab')
      const reached = await page.evaluate<string>(focusedName)
      if (typeof name === 'string' ? reached === name : name.test(reached)) return
    }
    throw new Error(`The focus never reached ${name}.`)
  }

  /** Opens the resend dialog, previews the plan and starts the operation. */
  async function resendByKeys(page: Page, count: number): Promise<void> {
    await page.keyboard.press('r')
    await page.getByRole('dialog').waitFor()
    await tabTo(page, 'Preview the plan')
    await page.keyboard.press('Enter')
    await page.getByText(`${count} deliveries would be resent`).waitFor()
    await tabTo(page, 'Start')
    await page.keyboard.press('Enter')
  }

  test('a user signs in, opens a failure group and replays it', async () => {
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
    await page.getByRole('link', { name: /The receiver responded with 404/ }).waitFor()
    await tabTo(page, /^The receiver responded with 404/)
    await page.keyboard.press('Enter')
    await waitForHeading(page, /The receiver responded with 404/)
    receiver.always(respond(200))
    await resendByKeys(page, 12)
    await waitForHeading(page, /Resend 12 deliveries Completed/)
    await close()
  })

  test('a user finds a lead, opens its delivery and resends it', async () => {
    const { page, close } = await dashboard.open('/')
    await waitForHeading(page, 'Overview')
    await page.keyboard.press('/')
    await waitForHeading(page, 'Deliveries')
    await page.locator('input[type=search]:focus').waitFor()
    await page.keyboard.type('jane@example.com')
    await page.keyboard.press('Enter')
    await page.getByText('1 delivery', { exact: true }).waitFor()
    await page.getByRole('row', { name: /jane@example.com/ }).waitFor()
    // Escape leaves the search field, where keys are text.
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

  test('a user moves through rows, selects single rows and ranges, and resends them', async () => {
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

  test('an admin pauses a lane and resumes it', async () => {
    const session = await createAdminSession(dashboard.stack.database)
    const { page, close } = await dashboard.open('/', { session })
    await waitForHeading(page, 'Overview')
    await keys(page, 'g', 'q')
    await waitForHeading(page, 'Queues')
    await tabTo(page, 'Pause retry')
    await page.keyboard.press('Enter')
    await page
      .getByRole('textbox', { name: 'Reason (shown to everybody)' })
      .and(page.locator(':focus'))
      .waitFor()
    await page.keyboard.type('a look at the receiver')
    await page.keyboard.press('Enter')
    const row = page.getByRole('row', { name: /^retry/ })
    await row.getByText('Paused', { exact: true }).waitFor()
    await tabTo(page, 'Resume retry')
    await page.keyboard.press('Enter')
    await tabTo(page, 'Resume')
    await page.keyboard.press('Enter')
    await row.getByText('Running').waitFor()
    await close()
  })

  test('the arrow keys read a plot bucket by bucket', async () => {
    const { page, close } = await dashboard.open('/?range=1h')
    await waitForHeading(page, 'Overview')
    await page.getByRole('group', { name: /^Attempts: plot/ }).waitFor()
    await tabTo(page, /^Attempts: plot/)
    await page.keyboard.press('End')
    const readout = page.getByRole('region', { name: 'Attempts' }).getByRole('status')
    await readout.getByText(/^\d\d:\d\d–\d\d:\d\d: Delivered \d+, Retried \d+, Given up \d+$/).waitFor()
    await page.keyboard.press('Tab')
    await readout.getByText(/delivered.*Each bar is 1 min/).waitFor()
    await close()
  })

  test('single-key shortcuts can be switched off', async () => {
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
