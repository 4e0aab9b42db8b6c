import { answer, waitUntil } from '@ghostpost/test-kit'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  adminOfAllSites,
  chromiumPath,
  heading,
  startDashboard,
  type Dashboard,
} from '../../src/browser/dashboard.ts'
import { accessibilityProblems } from '../../src/browser/open-browser.ts'
import { callApi, exportBody } from '../../src/call-api.ts'

describe.skipIf(chromiumPath === null)('every page, in both themes, stands in nobody’s way', () => {
  let full: Dashboard
  let admin: string
  const ids = { delivered: '', failed: '', retrying: '', group: '', operation: '', destination: '' }

  beforeAll(async () => {
    full = await startDashboard()
    admin = await adminOfAllSites(full.stack.database)
    await fill()
  })

  afterAll(() => full?.stop())

  async function post(path: string, body: object): Promise<Record<string, unknown>> {
    return (await callApi(full.stack, path, { body })).body ?? {}
  }

  async function exported(body: Record<string, unknown> = {}): Promise<string> {
    return String((await post('/api/webhook', exportBody(full.stack, body)))['delivery_id'])
  }

  async function fill(): Promise<void> {
    const { receiver } = full.stack
    const saved = await post('/api/destinations', {
      name: 'Leads',
      webhook_type: 'custom',
      webhook_url: receiver.url,
      headers: { 'x-key': 'y' },
    })
    ids.destination = (saved['destination'] as { id: string }).id
    const notify = { destination_id: ids.destination }
    await post('/api/alert-rules', { name: 'Gone', kind: 'destination_disabled', notify })
    ids.delivered = await exported()
    receiver.always(answer(404, { body: 'nothing here' }))
    ids.failed = await exported()
    const failures = await callApi(full.stack, '/api/failures')
    ids.group = (failures.body as { items: { fingerprint: string }[] } | null)?.items[0]?.fingerprint ?? ''
    const plan = await post('/api/operations/plan', { kind: 'resend', filter: { failure: ids.group } })
    ids.operation = (plan['operation'] as { operation_id: string }).operation_id
    await post('/api/operations', { operation_id: ids.operation })
    await waitUntil('the operation is over', async () => {
      const { body } = await callApi(full.stack, `/api/operations/${ids.operation}`)
      return body?.['state'] === 'completed'
    })
    // Last, as the receiver is then left alone for an hour.
    receiver.always(answer(503, { headers: { 'retry-after': '3600' }, body: '{"later":true}' }))
    ids.retrying = await exported()
  }

  interface Sight {
    name: string
    path: () => string
    title: string | RegExp
    session?: null
    act?: (page: Page) => Promise<void>
  }

  /** Everything that was asked for is there. */
  function atRest(page: Page): Promise<void> {
    return page.locator('main [aria-busy="true"]').first().waitFor({ state: 'detached' })
  }

  const press = (name: string) => (page: Page) => page.getByRole('button', { name }).first().click()
  const sights: Sight[] = [
    { name: 'signing in', path: () => '/', title: 'Sign in to Ghostpost', session: null },
    { name: 'overview', path: () => '/', title: 'Overview' },
    { name: 'deliveries', path: () => '/deliveries', title: 'Deliveries' },
    {
      name: 'deliveries, selected',
      path: () => '/deliveries',
      title: 'Deliveries',
      act: (page) => page.getByLabel('Select all on this page').check(),
    },
    { name: 'deliveries, none', path: () => '/deliveries?cause=none&range=1h', title: 'Deliveries' },
    { name: 'delivery, delivered', path: () => `/deliveries/${ids.delivered}`, title: /Delivered/ },
    { name: 'delivery, retrying', path: () => `/deliveries/${ids.retrying}`, title: /Retrying/ },
    {
      name: 'delivery, edited',
      path: () => `/deliveries/${ids.delivered}`,
      title: /Delivered/,
      act: press('Edit and resend'),
    },
    { name: 'delivery, not there', path: () => '/deliveries/x', title: /not found/ },
    { name: 'visitor', path: () => '/visitors/gv_a1b2c3d4_e5f6g7h8', title: 'jane@example.com' },
    {
      name: 'visitor, exported',
      path: () => '/visitors/gv_a1b2c3d4_e5f6g7h8',
      title: 'jane@example.com',
      act: press('Export now'),
    },
    { name: 'failures', path: () => '/failures', title: 'Failures' },
    { name: 'failures, none', path: () => '/failures?state=resolved', title: 'Failures' },
    { name: 'failure group', path: () => `/failures/${ids.group}`, title: /answered 404/ },
    {
      name: 'failure group, changed',
      path: () => `/failures/${ids.group}`,
      title: /answered 404/,
      act: press('Change state'),
    },
    {
      name: 'plan',
      path: () => `/failures/${ids.group}`,
      title: /answered 404/,
      act: async (page) => {
        await press('Replay this group')(page)
        await press('See what would happen')(page)
        await page.getByText('would be sent').waitFor()
      },
    },
    { name: 'operations', path: () => '/operations', title: 'Operations' },
    { name: 'operation', path: () => `/operations/${ids.operation}`, title: /Resend 1 delivery/ },
    { name: 'destinations', path: () => '/destinations', title: 'Destinations' },
    {
      name: 'destinations, a new one',
      path: () => '/destinations',
      title: 'Destinations',
      act: press('New destination'),
    },
    { name: 'destination', path: () => `/destinations/${ids.destination}`, title: /Leads/ },
    { name: 'alerts', path: () => '/alerts', title: 'Alerts' },
    { name: 'alerts, a new one', path: () => '/alerts', title: 'Alerts', act: press('New alert') },
    { name: 'queues', path: () => '/queues', title: 'Queues' },
    { name: 'queues, one held', path: () => '/queues', title: 'Queues', act: press('Hold bulk') },
    { name: 'system', path: () => '/system', title: 'System' },
    { name: 'activity', path: () => '/activity', title: 'Activity' },
    { name: 'shortcuts', path: () => '/', title: 'Overview', act: press('Shortcuts') },
    { name: 'no such page', path: () => '/nowhere', title: 'There is no such page' },
  ]

  test.each(sights)('$name', async ({ path, title, session, act }) => {
    const { page, troubles, close } = await full.open(path(), { session: session === null ? null : admin })
    await heading(page, title)
    await atRest(page)
    await act?.(page)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      expect(await accessibilityProblems(page)).toEqual([])
    }
    expect(await page.title()).toMatch(/ · Ghostpost$/)
    expect(troubles).toEqual([])
    await close()
  })

  test.each(['/', '/deliveries', '/failures', '/destinations', '/alerts'])(
    '%s fits a narrow screen',
    async (path) => {
      const { page, close } = await full.open(path)
      await page.setViewportSize({ width: 320, height: 640 })
      await page.locator('h1').waitFor()
      await atRest(page)
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320)
      await close()
    },
  )
})
