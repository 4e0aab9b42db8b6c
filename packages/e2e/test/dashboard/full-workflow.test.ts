import { createUser, type TestUser } from '@ghostpost/test-kit/accounts'
import { respond } from '@ghostpost/test-kit/receiver/reactions'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chromiumPath, waitForHeading, startDashboard, type Dashboard } from './dashboard.ts'
import { callApi, exportBody } from '@ghostpost/test-kit/processes/call-api'

const lead = 'jane@example.com'
/** More than the canary's ten. */
const others = 14

describe.skipIf(chromiumPath === null)(
  'an operator’s workflow when a receiver breaks, from the first look to the ledger',
  () => {
    let dashboard: Dashboard
    let admin: TestUser

    beforeAll(async () => {
      dashboard = await startDashboard({
        GHOSTPOST_RETRY_SCHEDULE: '0s 300ms',
        GHOSTPOST_ANSWER_TIMEOUT_MS: '20000',
        GHOSTPOST_ATTEMPT_TIMEOUT_MS: '20000',
        GHOSTPOST_CLAIM_MS: '30000',
      })
      admin = await createUser(dashboard.stack.database, [4, 7], 'admin')
    })

    afterAll(() => dashboard?.stop())

    async function signIn(page: Page, { email, password }: TestUser): Promise<void> {
      await page.getByLabel('E-mail address').fill(email)
      await page.getByLabel('Password').fill(password)
      await page.getByRole('button', { name: 'Sign in' }).click()
    }

    function exportJane(): Promise<unknown> {
      return callApi(dashboard.stack, '/api/webhook', {
        body: exportBody(dashboard.stack),
        headers: { prefer: 'respond-async' },
      })
    }

    async function exportOthers(): Promise<void> {
      const { rows } = await dashboard.stack.database.pool.query<{ ghost_vid: string }>(
        `select ghost_vid from visitors where site_id = 4 and ghost_vid <> 'gv_a1b2c3d4_e5f6g7h8' limit $1`,
        [others],
      )
      await Promise.all(
        rows.map(({ ghost_vid }) =>
          callApi(dashboard.stack, '/api/webhook', { body: exportBody(dashboard.stack, { ghost_vid }) }),
        ),
      )
    }

    test('signs in, watches a retry, finds the lead, replays the failure group and reads the ledger', async () => {
      const { receiver } = dashboard.stack
      const { page, close } = await dashboard.open('/deliveries', { session: null })
      await signIn(page, admin)
      await waitForHeading(page, 'Deliveries')
      await page.getByRole('heading', { name: 'Nothing has been sent yet' }).waitFor()
      await page.getByRole('button', { name: 'Live', exact: true }).waitFor()

      // The receiver delays the second attempt, so that the test sees the page while it is in flight.
      const { promise: pageSeen, resolve: release } = Promise.withResolvers<void>()
      receiver.always(respond(404))
      receiver.next(respond(503), async (request, response) => {
        await pageSeen
        await respond(404, { body: '{"why":"no such path"}' })(request, response)
      })
      await exportJane()
      const row = page.getByRole('row', { name: new RegExp(lead) })
      await row.getByRole('link').first().click()
      await page.getByText('Attempt 1: HTTP 503').waitFor()
      await waitForHeading(page, /Delivering|Retrying/)
      release()
      await waitForHeading(page, /Failed/)
      await page.getByText('Attempt 2: HTTP 404').waitFor()
      await page.getByText('no such path').waitFor()

      await exportOthers()
      await page.getByRole('link', { name: 'Deliveries' }).first().click()
      await page.getByRole('searchbox').fill(lead)
      await page.keyboard.press('Enter')
      await page.getByText('1 delivery', { exact: true }).waitFor()
      await row.getByRole('link').first().click()
      await page.getByRole('link', { name: 'dead letters with the same cause' }).click()
      await waitForHeading(page, /The receiver responded with 404/)
      await page.getByText('Check the path of the webhook URL.').waitFor()

      receiver.always(respond(200))
      await page.getByRole('button', { name: 'Replay this group' }).click()
      await page.getByRole('button', { name: 'Preview the plan' }).click()
      await page.getByText(`${others + 1} deliveries would be resent`).waitFor()
      await page.getByText('A canary sends ten first.').waitFor()
      await page.getByLabel('Reason (stored with the operation)').fill('The path is right again')
      await page.getByRole('button', { name: 'Start' }).click()
      await waitForHeading(page, /Resend 15 deliveries Completed/)
      await page.getByText('canary: passed').waitFor()
      await page.getByText('The path is right again').waitFor()
      await page.getByRole('button', { name: 'Delivered', exact: true }).click()
      await page
        .getByRole('row')
        .nth(others + 1)
        .waitFor()
      await page.getByRole('link', { name: 'Overview' }).click()
      await page.getByText('All is well: nothing needs attention.').waitFor()
      await close()
    })

    test('pauses a lane with a reason, and resumes it', async () => {
      const { page, close } = await dashboard.open('/queues', { session: null })
      await signIn(page, admin)
      const row = page.getByRole('row', { name: /^live/ })
      await page.getByRole('button', { name: 'Pause live' }).click()
      await page.getByLabel('Reason (shown to everybody)').fill('The CRM is being moved')
      await page.getByRole('button', { name: 'Pause', exact: true }).click()
      await row.getByText('Paused', { exact: true }).waitFor()
      await row.getByText('The CRM is being moved').waitFor()
      await waitUntil('the worker pauses the lane', () =>
        dashboard.stack.workers[0]?.output().includes('lane_paused'),
      )
      await exportJane()
      await row.getByText('not draining: paused').waitFor()
      const [due, oldest, held, waiting, active, delayed, failed] = await row
        .getByRole('cell')
        .allTextContents()
        .then((cells) => cells.slice(1))
      expect([due, held, waiting, active, delayed, failed]).toEqual(['1', '0', '1', '0', '0', '0'])
      expect(oldest).toMatch(/^\d+(\.\d)? (ms|s)$/)
      await page.getByRole('link', { name: 'Overview' }).click()
      await page.getByRole('link', { name: 'The lane live is paused: The CRM is being moved' }).click()
      await page.getByRole('button', { name: 'Resume live' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Resume' }).click()
      await row.getByText('Running').waitFor()
      await row.getByText('nothing waits').waitFor()
      await close()
    })

    test('a viewer sees the same, and neither the page nor the API lets them change it', async () => {
      const viewer = await createUser(dashboard.stack.database, [4], 'viewer')
      const { page, close } = await dashboard.open('/queues', { session: null })
      await signIn(page, viewer)
      const pause = page.getByRole('button', { name: 'Pause live' })
      expect(await pause.getAttribute('aria-disabled')).toBe('true')
      expect(await pause.getAttribute('title')).toContain('needs the role admin in every site')
      await pause.click({ force: true })
      expect(await page.getByRole('dialog').count()).toBe(0)
      await page.getByRole('link', { name: 'Deliveries' }).click()
      await page
        .getByRole('row', { name: new RegExp(lead) })
        .first()
        .getByRole('link')
        .first()
        .click()
      for (const name of ['Resend', 'Re-export', 'Edit and resend']) {
        const button = page.getByRole('button', { name, exact: true })
        expect(await button.getAttribute('title')).toContain(
          'This needs the role operator in this site; yours is viewer.',
        )
      }
      const session = (await page.context().cookies()).find(({ name }) => name === 'session')?.value ?? ''
      const { stack } = dashboard
      const body = { reason: 'x' }
      const paused = await callApi(stack, '/api/system/lanes/live/pause', { session, body })
      const plan = { kind: 'resend', filter: { status: 'failed' } }
      const planned = await callApi(stack, '/api/operations/plan', { session, body: plan })
      expect([paused.status, planned.status]).toEqual([403, 403])
      await close()
    })
  },
)
