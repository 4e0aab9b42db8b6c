import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { createSessionToken, createUser } from '@ghostpost/test-kit/accounts'
import { respond } from '@ghostpost/test-kit/receiver/reactions'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  createAdminSession,
  chromiumPath,
  waitForHeading,
  startDashboard,
  type Dashboard,
} from './dashboard.ts'
import { accessibilityProblems } from '@ghostpost/test-kit/browser/open-browser'
import { callApi, exportBody } from '@ghostpost/test-kit/processes/call-api'

describe.skipIf(chromiumPath === null)('failures and operations', () => {
  let dashboard: Dashboard

  beforeAll(async () => {
    dashboard = await startDashboard()
  })

  beforeEach(async () => {
    const { receiver, database } = dashboard.stack
    await database.pool.query('delete from operations')
    await database.pool.query('delete from deliveries')
    receiver.always(respond(404))
    const { rows } = await database.pool.query<{ ghost_vid: string }>(
      'select ghost_vid from visitors where site_id = 4 limit 30',
    )
    await Promise.all(
      rows.map(({ ghost_vid }) =>
        callApi(dashboard.stack, '/api/webhook', { body: exportBody(dashboard.stack, { ghost_vid }) }),
      ),
    )
  })

  afterAll(() => dashboard?.stop())

  /** Starts an operation that resends all failed deliveries; returns its id. */
  async function started(how: object): Promise<string> {
    const body = { kind: 'resend', filter: { status: 'failed' }, ...how }
    const planned = await callApi(dashboard.stack, '/api/operations/plan', { body })
    const { operation_id } = (planned.body as { operation: { operation_id: string } } | null)?.operation ?? {}
    await callApi(dashboard.stack, '/api/operations', { body: { operation_id } })
    return String(operation_id)
  }

  test('a failure group is replayed with a plan and a canary, and the ledger shows each outcome', async () => {
    const { page, close } = await dashboard.open('/')
    await page.getByText('One thing needs attention.').waitFor()
    await page.getByRole('link', { name: /^30 deliveries to .* failed in the last hour/ }).click()
    await waitForHeading(page, /The receiver responded with 404/)
    await page.getByText('Check the path of the webhook URL.').waitFor()

    dashboard.stack.receiver.always(respond(200))
    await page.getByRole('button', { name: 'Replay this group' }).click()
    await page.getByLabel('Maximum deliveries per second').fill('500')
    await page.getByRole('button', { name: 'Preview the plan' }).click()
    await page.getByRole('heading', { name: 'Resend 30 deliveries?' }).waitFor()
    await page.getByText(/^30 deliveries would be resent to .*, at up to 500 a second/).waitFor()
    await page.getByText('A canary sends ten first.').waitFor()
    await page.getByLabel('Reason (stored with the operation)').fill('the path was corrected')
    await page.getByRole('button', { name: 'Start' }).click()
    await waitForHeading(page, /Resend 30 deliveries Completed/)
    await page.getByText('canary: passed').waitFor()
    await page.getByRole('button', { name: 'Failed', exact: true }).click()
    await page.getByText('No member is failed.').waitFor()
    await page.getByRole('button', { name: 'Delivered', exact: true }).click()
    await page.getByRole('row').nth(30).waitFor()
    expect(new URL(page.url()).searchParams.get('outcome')).toBe('delivered')
    await page.getByRole('link', { name: 'Overview' }).click()
    await page.getByText('All is well').waitFor()
    await close()
  })

  test('what was re-exported and arrived leaves the failures, and is not sent again by mistake', async () => {
    const { page, close } = await dashboard.open('/failures')
    await page.getByRole('link', { name: /The receiver responded with 404/ }).click()
    await waitForHeading(page, /The receiver responded with 404/)
    dashboard.stack.receiver.always(respond(200))
    await page.getByRole('button', { name: 'Replay this group' }).click()
    await page.getByRole('radio', { name: /Re-export/ }).check()
    await page.getByLabel('Maximum deliveries per second').fill('500')
    await page.getByRole('button', { name: 'Preview the plan' }).click()
    await page.getByRole('heading', { name: 'Re-export 30 deliveries?' }).waitFor()
    await page.getByText('What was sent cannot be taken back.').waitFor()
    await page.getByRole('button', { name: 'Start' }).click()
    await waitForHeading(page, /Re-export 30 deliveries Completed/)
    await page.getByRole('link', { name: 'Failures', exact: true }).click()
    await page.getByRole('heading', { name: 'No dead letters' }).waitFor()
    await page.getByRole('link', { name: 'Overview', exact: true }).click()
    await page.getByText('All is well').waitFor()
    await page.getByRole('link', { name: /^Dead letters\s*0\s*/ }).waitFor()
    await page.getByRole('link', { name: /^Recovered\s*30\s*/ }).click()
    await page.getByText('30 deliveries', { exact: true }).waitFor()
    await page
      .getByRole('row', { name: /Recovered/ })
      .nth(29)
      .waitFor()
    await page.getByLabel('Select all on this page').check()
    await page.getByRole('button', { name: 'Re-export …' }).click()
    await page.getByRole('button', { name: 'Preview the plan' }).click()
    await page.getByRole('heading', { name: 'Re-export 0 deliveries?' }).waitFor()
    await page.getByText('Already recovered: a copy of it was delivered.').waitFor()
    await page.getByLabel(/Also send recovered deliveries/).click()
    await page.getByRole('heading', { name: 'Re-export 30 deliveries?' }).waitFor()
    await close()
  })

  test('a failed canary pauses the operation, and a user cancels it', async () => {
    const { page, close } = await dashboard.open('/deliveries?status=failed')
    await page.getByLabel('Select all on this page').check()
    await page.getByRole('button', { name: 'Resend …' }).click()
    await page.getByRole('button', { name: 'Preview the plan' }).click()
    await page.getByRole('button', { name: 'Start' }).click()
    await waitForHeading(page, /Paused/)
    await page.getByRole('link', { name: '10 deliveries of one failure group' }).waitFor()
    await page.getByText(/canary: 10 of the first 10 failed/).waitFor()
    await page.getByRole('button', { name: 'Cancel …' }).click()
    await page.getByRole('button', { name: 'Cancel the operation' }).click()
    await waitForHeading(page, /Cancelled/)
    await close()
  })

  test('a running operation is paused and resumed, and its ledger is downloaded', async () => {
    dashboard.stack.receiver.always(respond(200))
    const { page, close } = await dashboard.open(`/operations/${await started({ rate: 1, canary: false })}`)
    await page
      .getByRole('row', { name: /Delivered/ })
      .first()
      .waitFor()
    await page.getByRole('button', { name: 'Pause' }).click()
    await waitForHeading(page, /Paused/)
    await page.getByRole('button', { name: 'Resume' }).click()
    await waitForHeading(page, /Running/)
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'CSV' }).click(),
    ])
    const [head, first] = (await readFile(await download.path(), 'utf8')).split(/\r?\n/)
    expect(head).toContain('outcome')
    expect(first).toContain('delivered')
    await close()
  })

  test('the overview shows counts, health, operations and failures with links', async () => {
    const { stack } = dashboard
    const webhook_url = `${stack.receiver.url}crm`
    const saved = await callApi(stack, '/api/destinations', {
      body: { name: 'CRM', webhook_type: 'custom', webhook_url },
    })
    const { id: destination_id } = (saved.body as { destination: { id: string } }).destination
    await callApi(stack, '/api/webhook', { body: { ghost_vid: 'gv_a1b2c3d4_e5f6g7h8', destination_id } })
    await started({ rate: 500 })
    const { page, close } = await dashboard.open('/')
    const main = page.getByRole('main')
    await main.getByRole('link', { name: /^Dead letters\s*31\s*/ }).waitFor()
    await main.getByRole('link', { name: /^Retrying\s*0\s*now/ }).waitFor()
    await main.getByRole('link', { name: /^Waiting\s*0\s*/ }).waitFor()
    await main.getByRole('link', { name: /^Delivered\s*\d/ }).waitFor()
    await main.getByRole('link', { name: /^Success\s*\d+(\.\d)? %/ }).waitFor()
    await main.getByRole('link', { name: /^Time to drain\s*Nothing waits/ }).waitFor()
    const health = main.getByRole('region', { name: 'Destinations' })
    await health.getByRole('row', { name: /^CRM .* Enabled .* 0 %/ }).waitFor()
    const operations = main.getByRole('region', { name: 'Operations in progress' })
    await operations.getByText('Paused').waitFor()
    await operations.getByText('0 delivered · 10 failed').waitFor()
    const failures = main.getByRole('region', { name: 'Top failures' })
    await failures.getByRole('row', { name: /The receiver responded with 404.* 30 / }).waitFor()
    await failures.getByRole('row', { name: /The receiver responded with 404.*CRM 1 / }).waitFor()
    await operations.getByRole('link', { name: 'Resend 31' }).click()
    await waitForHeading(page, /Resend 31 deliveries Paused/)
    await close()
  })

  test('a group is acknowledged with a note', async () => {
    const { page, close } = await dashboard.open('/failures')
    await page.getByRole('link', { name: /The receiver responded with 404/ }).click()
    await page.getByRole('button', { name: 'Change state' }).click()
    await page.getByLabel('State', { exact: true }).selectOption('acknowledged')
    await page.getByLabel('Note').fill('Ask Kim')
    await page.getByRole('button', { name: 'Save' }).click()
    await waitForHeading(page, /Acknowledged/)
    await page.getByText('Ask Kim').waitFor()
    await close()
  })

  test('an admin of all sites pauses a lane and resumes it', async () => {
    const session = await createAdminSession(dashboard.stack.database)
    const { page, close } = await dashboard.open('/queues', { session })
    await waitForHeading(page, 'Queues')
    await page.getByRole('button', { name: 'Pause bulk' }).click()
    await page.getByLabel('Reason (shown to everybody)').fill('the night run')
    await page.getByRole('button', { name: 'Pause', exact: true }).click()
    const row = page.getByRole('row', { name: /bulk/ })
    await row.getByText('Paused', { exact: true }).waitFor()
    await row.getByText('the night run').waitFor()
    await page.getByRole('button', { name: 'Resume bulk' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Resume' }).click()
    await row.getByText('Running').waitFor()
    await close()
  })

  test('a viewer of one site sees whether its deliveries are sent, and nothing of other sites', async () => {
    const { database } = dashboard.stack
    const { id } = await createUser(database, [4], 'viewer')
    const session = await createSessionToken(database, id)
    const { page, close } = await dashboard.open('/queues', { session })
    await page.getByText('Your sites').waitFor()
    const row = page.getByRole('row', { name: /^live/ })
    await row.getByText('Running').waitFor()
    await row.getByText('nothing waits').waitFor()
    const columns = await page.getByRole('columnheader').allTextContents()
    expect(columns.slice(0, 5)).toEqual(['Lane', 'State', 'Due', 'Oldest wait', 'Held by receivers'])
    await page.getByText(/One worker takes jobs from all lanes/).waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await page.getByRole('link', { name: 'System' }).click()
    const worker = page.getByRole('row', { name: /…/ })
    await worker.waitFor()
    expect(await worker.textContent()).not.toContain(hostname())
    expect(await page.getByText('Postgres').count()).toBeGreaterThan(0)
    expect(await page.getByText('Connections').count()).toBe(0)
    expect(await accessibilityProblems(page)).toEqual([])
    await page.getByRole('link', { name: 'Overview' }).click()
    await page.getByText('your sites').waitFor()
    await close()
  })

  test('a viewer sees everything, and each disabled action shows the reason', async () => {
    const { database } = dashboard.stack
    const viewer = await createUser(database, [4], 'viewer')
    const session = await createSessionToken(database, viewer.id)
    const { page, close } = await dashboard.open('/failures', { session })
    await page.getByRole('link', { name: /The receiver responded with 404/ }).click()
    await waitForHeading(page, /The receiver responded with 404/)
    const replay = page.getByRole('button', { name: 'Replay this group' })
    expect(await replay.getAttribute('aria-disabled')).toBe('true')
    expect(await replay.getAttribute('title')).toBe(
      'This needs the role operator in this site; yours is viewer.',
    )
    expect(await accessibilityProblems(page)).toEqual([])
    await replay.click({ force: true })
    expect(await page.getByRole('dialog').count()).toBe(0)
    await page.getByRole('link', { name: 'Activity' }).click()
    await page.getByText('This needs the role admin in this site; yours is viewer.').waitFor()
    await close()
  })
})
