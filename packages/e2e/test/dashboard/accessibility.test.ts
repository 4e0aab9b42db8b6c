import { respond } from '@ghostpost/test-kit/receiver/reactions'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  createAdminSession,
  chromiumPath,
  waitForHeading,
  startDashboard,
  type Dashboard,
} from './dashboard.ts'
import { accessibilityProblems, type Visit } from '@ghostpost/test-kit/browser/open-browser'
import { callApi, exportBody } from '@ghostpost/test-kit/processes/call-api'

describe.skipIf(chromiumPath === null)('every page is accessible in both themes', () => {
  let full: Dashboard
  let empty: Dashboard
  const admins = new Map<Dashboard, string>()
  const ids = {
    delivered: '',
    slack: '',
    discord: '',
    failed: '',
    retrying: '',
    group: '',
    operation: '',
    destination: '',
  }

  beforeAll(async () => {
    full = await startDashboard({ GHOSTPOST_RAW_QUEUES: 'true' })
    empty = await startDashboard()
    for (const one of [full, empty]) admins.set(one, await createAdminSession(one.stack.database))
    await fill()
  })

  afterAll(async () => {
    for (const { close } of tabs.values()) await close()
    await full?.stop()
    await empty?.stop()
  })

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
    ids.slack = await exported({ webhook_type: 'slack' })
    ids.discord = await exported({ webhook_type: 'discord' })
    receiver.always(respond(404, { body: 'nothing here' }))
    ids.failed = await exported()
    const failures = await callApi(full.stack, '/api/failures')
    ids.group = (failures.body as { items: { fingerprint: string }[] } | null)?.items[0]?.fingerprint ?? ''
    const plan = await post('/api/operations/plan', { kind: 'resend', filter: { failure: ids.group } })
    ids.operation = (plan['operation'] as { operation_id: string }).operation_id
    await post('/api/operations', { operation_id: ids.operation })
    await waitUntil('the operation is completed', async () => {
      const { body } = await callApi(full.stack, `/api/operations/${ids.operation}`)
      return body?.['state'] === 'completed'
    })
    // Last: the receiver's Retry-After then blocks it for an hour.
    receiver.always(respond(503, { headers: { 'retry-after': '3600' }, body: '{"later":true}' }))
    ids.retrying = await exported()
  }

  interface View {
    name: string
    path: () => string
    title: string | RegExp
    session?: null
    act?: (page: Page) => Promise<void>
  }

  /** Waits until all data has loaded. */
  function waitUntilIdle(page: Page): Promise<void> {
    return page.locator('main [aria-busy="true"]').first().waitFor({ state: 'detached' })
  }

  /** Switches both plots to their tables. */
  async function showTables(page: Page): Promise<void> {
    for (const title of ['Attempts', 'Response time']) {
      const chart = page.getByRole('region', { name: title, exact: true })
      await chart.getByRole('button', { name: 'Show as table' }).click()
      await chart.getByRole('table').waitFor()
    }
  }

  const press = (name: string) => (page: Page) => page.getByRole('button', { name }).first().click()
  const views: View[] = [
    { name: 'sign-in', path: () => '/', title: 'Sign in to Ghostpost', session: null },
    { name: 'overview', path: () => '/', title: 'Overview' },
    { name: 'overview with tables', path: () => '/?range=1h', title: 'Overview', act: showTables },
    { name: 'deliveries', path: () => '/deliveries', title: 'Deliveries' },
    {
      name: 'deliveries with a selection',
      path: () => '/deliveries',
      title: 'Deliveries',
      act: (page) => page.getByLabel('Select all on this page').check(),
    },
    {
      name: 'deliveries with an unmatched filter',
      path: () => '/deliveries?cause=none&range=1h',
      title: 'Deliveries',
    },
    {
      name: 'deliveries in the dialog of filters',
      path: () => '/deliveries',
      title: 'Deliveries',
      act: press('More filters …'),
    },
    { name: 'visitors', path: () => '/visitors', title: 'Visitors' },
    {
      name: 'visitors with a selection',
      path: () => '/visitors',
      title: 'Visitors',
      act: (page) => page.getByLabel('Select all shown visitors').check(),
    },
    { name: 'alerts in the edit dialog', path: () => '/alerts', title: 'Alerts', act: press('Edit Gone') },
    { name: 'delivery, delivered', path: () => `/deliveries/${ids.delivered}`, title: /Delivered/ },
    { name: 'delivery, retrying', path: () => `/deliveries/${ids.retrying}`, title: /Retrying/ },
    { name: 'delivery, to Slack', path: () => `/deliveries/${ids.slack}`, title: /Delivered/ },
    { name: 'delivery, to Discord', path: () => `/deliveries/${ids.discord}`, title: /Delivered/ },
    { name: 'delivery, raw', path: () => `/deliveries/${ids.failed}?payload=raw`, title: /./ },
    {
      name: 'delivery with two compared attempts',
      path: () => `/deliveries/${ids.failed}?attempt=2&with=1`,
      title: /./,
      act: (page) =>
        page
          .getByRole('region', { name: /Compare/ })
          .getByRole('table')
          .waitFor(),
    },
    {
      name: 'delivery in the edit dialog',
      path: () => `/deliveries/${ids.delivered}`,
      title: /Delivered/,
      act: press('Edit and resend'),
    },
    { name: 'delivery that does not exist', path: () => '/deliveries/x', title: /not found/ },
    { name: 'visitor', path: () => '/visitors/gv_a1b2c3d4_e5f6g7h8', title: 'jane@example.com' },
    {
      name: 'visitor in the export dialog',
      path: () => '/visitors/gv_a1b2c3d4_e5f6g7h8',
      title: 'jane@example.com',
      act: press('Export now'),
    },
    { name: 'failures', path: () => '/failures', title: 'Failures' },
    { name: 'failures with an unmatched filter', path: () => '/failures?state=resolved', title: 'Failures' },
    { name: 'failure group', path: () => `/failures/${ids.group}`, title: /responded with 404/ },
    {
      name: 'failure group in the state dialog',
      path: () => `/failures/${ids.group}`,
      title: /responded with 404/,
      act: press('Change state'),
    },
    {
      name: 'plan',
      path: () => `/failures/${ids.group}`,
      title: /responded with 404/,
      act: async (page) => {
        await press('Replay this group')(page)
        await press('Preview the plan')(page)
        await page.getByText('would be resent').waitFor()
      },
    },
    { name: 'operations', path: () => '/operations', title: 'Operations' },
    { name: 'operation', path: () => `/operations/${ids.operation}`, title: /Resend 1 delivery/ },
    { name: 'destinations', path: () => '/destinations', title: 'Destinations' },
    {
      name: 'destinations with the dialog for a new one',
      path: () => '/destinations',
      title: 'Destinations',
      act: press('New destination'),
    },
    { name: 'destination', path: () => `/destinations/${ids.destination}`, title: /Leads/ },
    { name: 'alerts', path: () => '/alerts', title: 'Alerts' },
    {
      name: 'alerts with the dialog for a new one',
      path: () => '/alerts',
      title: 'Alerts',
      act: press('New alert'),
    },
    {
      name: 'destinations with the dialog for a new CRM',
      path: () => '/destinations',
      title: 'Destinations',
      act: async (page) => {
        await press('New destination')(page)
        await page.getByLabel('Type', { exact: true }).selectOption('salesforce')
        await page.getByLabel('Credentials').selectOption('jwt_bearer')
        await page.getByLabel('Private key').waitFor()
      },
    },
    {
      name: 'destination in the pause dialog',
      path: () => `/destinations/${ids.destination}`,
      title: /Leads/,
      act: press('Pause'),
    },
    {
      name: 'destination in the dialog for a new secret',
      path: () => `/destinations/${ids.destination}`,
      title: /Leads/,
      act: press('New signing secret'),
    },
    { name: 'queues', path: () => '/queues', title: 'Queues' },
    { name: 'queues in the pause dialog', path: () => '/queues', title: 'Queues', act: press('Pause bulk') },
    { name: 'system', path: () => '/system', title: 'System' },
    { name: 'account', path: () => '/account', title: 'Account' },
    { name: 'activity', path: () => '/activity', title: 'Activity' },
    { name: 'shortcuts', path: () => '/', title: 'Overview', act: press('Shortcuts') },
    { name: 'page that does not exist', path: () => '/nowhere', title: 'There is no such page' },
  ]

  const scrollingTables = `[...document.querySelectorAll('table')]
    .filter(({ parentElement: box }) => box.scrollWidth > box.clientWidth + 1).length`

  /** One tab for each dashboard and session, because a new one compiles the dashboard's code again. */
  const tabs = new Map<string, Visit>()

  async function openTab(on: Dashboard, { path, session }: View): Promise<Page> {
    const key = `${on.stack.api} ${session === null ? 'signed out' : 'signed in'}`
    const known = tabs.get(key)
    if (known) {
      await known.page.goto(`/ops${path()}`)
      return known.page
    }
    const opened = await on.open(path(), { session: session === null ? null : (admins.get(on) ?? null) })
    tabs.set(key, opened)
    return opened.page
  }

  /** The accessibility problems of a page in both themes; without an act also on a screen 320 px wide. */
  async function problemsOf(on: Dashboard, view: View): Promise<string[]> {
    const page = await openTab(on, view)
    await page.setViewportSize({ width: 1_360, height: 800 })
    await waitForHeading(page, view.title)
    await waitUntilIdle(page)
    await view.act?.(page)
    const problems = await problemsAt(page, 1_360)
    const name = await page.title()
    if (!name.endsWith(' · Ghostpost')) problems.push(`The title is ${name}.`)
    if (!view.act) problems.push(...(await problemsAt(page, 320)))
    return problems
  }

  async function problemsAt(page: Page, width: number): Promise<string[]> {
    await page.setViewportSize({ width, height: 800 })
    const problems = await accessibilityProblems(page)
    const needed = await page.evaluate<number>('document.documentElement.scrollWidth')
    if (needed > width) problems.push(`The page is ${needed} px wide.`)
    const hidden = width > 400 ? 0 : await page.evaluate<number>(scrollingTables)
    if (hidden > 0) problems.push(`${hidden} tables have columns out of sight.`)
    return problems.map((problem) => `${width} px wide: ${problem}`)
  }

  test.each(views)('$name has no accessibility problem', async (view) => {
    expect(await problemsOf(full, view)).toEqual([])
  })

  const emptyViews: View[] = [
    { name: 'overview', path: () => '/', title: 'Overview' },
    { name: 'deliveries', path: () => '/deliveries', title: 'Deliveries' },
    { name: 'failures', path: () => '/failures', title: 'Failures' },
    { name: 'operations', path: () => '/operations', title: 'Operations' },
    { name: 'destinations', path: () => '/destinations', title: 'Destinations' },
    { name: 'visitor', path: () => '/visitors/gv_a1b2c3d4_e5f6g7h8', title: 'jane@example.com' },
  ]

  test.each(emptyViews)('$name without data says that it is empty', async (view) => {
    const act = async (page: Page): Promise<void> => {
      const headings = page.getByRole('main').getByRole('heading', { level: 2, name: /Nothing|No / })
      await headings.first().waitFor()
    }
    expect(await problemsOf(empty, { ...view, act })).toEqual([])
  })

  test('the menu of a narrow screen opens, navigates and closes', async () => {
    const { page, close } = await full.open('/')
    await page.setViewportSize({ width: 320, height: 640 })
    await waitForHeading(page, 'Overview')
    const menu = page.getByRole('button', { name: 'Menu' })
    expect(await menu.getAttribute('aria-expanded')).toBe('false')
    await menu.click()
    expect(await accessibilityProblems(page)).toEqual([])
    await page.getByRole('link', { name: 'Failures', exact: true }).click()
    await waitForHeading(page, 'Failures')
    expect(await menu.getAttribute('aria-expanded')).toBe('false')
    await close()
  })

  test('the raw queues open under their own content security policy and are read-only', async () => {
    const { page, close } = await full.open('/queues', { session: admins.get(full) ?? null })
    await page.getByRole('link', { name: 'Raw queues (read-only)' }).click()
    await page.getByText('lane-live').first().waitFor()
    expect(await page.getByRole('button', { name: /retry|clean|pause/i }).count()).toBe(0)
    await close()
  })
})
