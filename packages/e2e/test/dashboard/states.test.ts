import { createSessionToken, createUser } from '@ghostpost/test-kit/accounts'
import { startFaultProxy, type FaultProxy } from '@ghostpost/test-kit/fault-proxy'
import { respond } from '@ghostpost/test-kit/receiver/reactions'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import {
  createAdminSession,
  chromiumPath,
  waitForHeading,
  startDashboard,
  type Dashboard,
} from './dashboard.ts'
import { accessibilityProblems, type Visit } from '@ghostpost/test-kit/browser/open-browser'
import { callApi, exportBody } from '@ghostpost/test-kit/processes/call-api'
import { startOwnRedis, type OwnRedis } from '@ghostpost/test-kit/processes/own-redis'

const pages = ['/', '/deliveries', '/failures', '/operations', '/destinations', '/queues', '/system']

describe.skipIf(chromiumPath === null)('during an outage', () => {
  let dashboard: Dashboard
  let redis: OwnRedis
  /** Between a second API and Postgres. */
  let proxy: FaultProxy
  let proxied: string
  let admin: string

  beforeAll(async () => {
    redis = await startOwnRedis()
    dashboard = await startDashboard({ QUEUE_URL: redis.url })
    const { database, startApi } = dashboard.stack
    admin = await createAdminSession(database)
    const url = new URL(database.url)
    proxy = await startFaultProxy(Number(url.port))
    url.port = String(proxy.port)
    proxied = (await startApi({ DATABASE_URL: url.href })).address
    await callApi(dashboard.stack, '/api/webhook', { body: exportBody(dashboard.stack) })
  })

  afterEach(() => proxy?.setMode({ kind: 'pass' }))

  afterAll(async () => {
    await dashboard?.stop()
    await proxy?.stop()
    await redis?.remove()
  })

  describe('a slow response', () => {
    let visit: Visit

    beforeAll(async () => {
      visit = await dashboard.open('/nowhere', { session: admin })
    })

    afterAll(() => visit?.close())

    test.each(pages)('leaves %s visible with a loading text', async (path) => {
      const { page } = visit
      const { promise: isReleased, resolve: release } = Promise.withResolvers<void>()
      await page.route('**/api/**', async (route) => {
        await isReleased
        await route.continue().catch(() => {})
      })
      await page.route('**/api/session', (route) => route.continue())
      await page.goto(`/ops${path}`, { waitUntil: 'commit' })
      await page.locator('main [aria-busy="true"]').first().waitFor()
      await page.locator('h1').waitFor()
      expect(await page.title()).toMatch(/ · Ghostpost$/)
      if (path !== '/') await page.getByText('Still loading …').first().waitFor()
      expect(await accessibilityProblems(page)).toEqual([])
      release()
      await page.locator('main [aria-busy="true"]').first().waitFor({ state: 'detached' })
      await page.unrouteAll({ behavior: 'wait' })
    })
  })

  test('without Redis the log works, and queue numbers are shown as unknown', async () => {
    const { page, close } = await dashboard.open('/', { session: admin })
    await page.getByText('All is well').waitFor()
    await redis.stop()
    await page.getByText('The queue does not respond. Exports are stored').waitFor()
    await page.getByRole('link', { name: /The queue does not respond; exports are stored/ }).waitFor()
    await page.getByRole('link', { name: 'Deliveries' }).click()
    await page.getByRole('row', { name: /jane@example.com/ }).waitFor()
    await page.getByRole('link', { name: 'Queues' }).click()
    await page.getByRole('row', { name: /live/ }).getByText('Unknown').first().waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await redis.restart()
    await page.getByRole('row', { name: /live/ }).getByText('Running').first().waitFor()
    await close()
  })

  test('without Postgres loaded data stays, with the error, its request id and a retry button', async () => {
    const { page, close } = await dashboard.open('/deliveries', { session: admin, origin: proxied })
    const row = page.getByRole('row', { name: /jane@example.com/ })
    await row.waitFor()
    proxy.setMode({ kind: 'cut' })
    // Pausing and resuming updates refetches everything.
    await page.getByRole('heading', { level: 1 }).click()
    await page.keyboard.press('l')
    await page.keyboard.press('l')
    await page.getByText('Request id:').first().waitFor()
    await row.waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    proxy.setMode({ kind: 'pass' })
    await page.getByRole('button', { name: 'Try again' }).first().click()
    await page.getByText('Request id:').first().waitFor({ state: 'detached' })
    await close()
  })

  test('without an API the page says how old it is', async () => {
    const api = await dashboard.stack.startApi()
    const { page, close } = await dashboard.open('/failures', { session: admin, origin: api.address })
    await page.clock.install()
    await page.getByRole('heading', { name: 'No dead letters' }).waitFor()
    await api.kill()
    // The page uses a fake clock, because the test must not wait half a minute.
    for (let second = 0; second < 80; second += 1) await page.clock.runFor(1_000)
    await page.getByText(/The data on this page is .* old: the API does not respond/).waitFor()
    await page.getByText('The API does not respond.', { exact: true }).waitFor()
    expect(await page.getByRole('heading', { name: 'No dead letters' }).count()).toBe(1)
    expect(await accessibilityProblems(page)).toEqual([])
    await close(/net::ERR_/)
  })

  test('a role that was removed in the meantime is refused with the reason', async () => {
    const { database } = dashboard.stack
    const { id } = await createUser(database, [4], 'operator')
    const session = await createSessionToken(database, id)
    const { page, close } = await dashboard.open('/deliveries', { session })
    await page
      .getByRole('row', { name: /jane@example.com/ })
      .getByRole('link')
      .first()
      .click()
    await database.pool.query(`update memberships set role = 'viewer' where user_id = $1`, [id])
    await waitUntil('the API applies the new role', async () => {
      const plan = { kind: 'resend', filter: { status: 'failed' } }
      return (await callApi(dashboard.stack, '/api/operations/plan', { session, body: plan })).status === 403
    })
    await page.getByRole('button', { name: 'Re-export', exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Re-export' }).click()
    await page.getByText('This needs the role operator in this site; yours is viewer.').waitFor()
    await page.getByText('Request id:').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await close()
  })

  test('a response that is too long is shown with its stored length', async () => {
    dashboard.stack.receiver.always(respond(400, { body: 'x'.repeat(100_000) }))
    const { body } = await callApi(dashboard.stack, '/api/webhook', { body: exportBody(dashboard.stack) })
    const { page, close } = await dashboard.open(`/deliveries/${String(body?.['delivery_id'])}`)
    await page.getByText('Only the first 16 KiB are stored.').waitFor()
    await page.getByText('Reading stopped at the size limit; the body is longer.').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await close()
  })

  test('the page warns before the session ends', async () => {
    const { database } = dashboard.stack
    const { id } = await createUser(database, [4], 'operator')
    const session = await createSessionToken(database, id)
    await database.pool.query(
      `update sessions set expires_at = now() + interval '5 minutes' where user_id = $1`,
      [id],
    )
    const { page, close } = await dashboard.open('/destinations', { session })
    await page.getByText('Your session ends in 5 min.').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await page.getByRole('button', { name: 'Sign in again' }).click()
    await waitForHeading(page, 'Sign in to Ghostpost')
    expect(new URL(page.url()).searchParams.get('return')).toBe('/destinations')
    await close()
  })
})
