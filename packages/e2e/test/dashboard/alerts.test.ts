import { respond } from '@ghostpost/test-kit/receiver/reactions'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chromiumPath, waitForHeading, startDashboard, type Dashboard } from './dashboard.ts'
import { callApi, exportBody } from '@ghostpost/test-kit/processes/call-api'

describe.skipIf(chromiumPath === null)('alert rules', () => {
  let dashboard: Dashboard

  beforeAll(async () => {
    dashboard = await startDashboard()
  })

  afterAll(() => dashboard?.stop())

  test('are created, tested, fire, link to the deliveries that they counted, and are deleted', async () => {
    const { stack } = dashboard
    const { receiver } = stack
    const body = { name: 'Team', webhook_type: 'custom', webhook_url: `${receiver.url}alerts` }
    await callApi(stack, '/api/destinations', { body })
    const { page, close } = await dashboard.open('/alerts')
    await page.getByRole('heading', { name: 'No alert rules' }).waitFor()
    await page.getByRole('button', { name: 'New alert' }).click()
    await page.getByLabel('Name').fill('Lost leads')
    await page.getByLabel('When').selectOption('dead_letters')
    await page.getByLabel('Dead letters').fill('2')
    await page.getByLabel('Notify this destination').selectOption({ label: 'Team (custom)' })
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('row', { name: /Lost leads .* Ok 0, limit 2 .* Team/ }).waitFor()

    await page.getByRole('button', { name: 'Test Lost leads' }).click()
    await page.getByRole('button', { name: 'Send the test' }).click()
    await page.getByText('Delivered: the receiver responded with 200').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click()

    receiver.always((request, response) => respond(request.url === '/alerts' ? 200 : 404)(request, response))
    for (let count = 0; count < 2; count += 1)
      await callApi(stack, '/api/webhook', { body: exportBody(stack) })
    await page.getByRole('row', { name: /Lost leads .* Firing .* 2, limit 2/ }).waitFor()
    const notification = await waitUntil('the notification arrives', () =>
      receiver.requests
        .filter(({ path }) => path === '/alerts')
        .map(({ json }) => json() as { phase: string; link: string })
        .find(({ phase }) => phase === 'firing'),
    )
    const { pathname, search } = new URL(notification.link)
    await page.goto(`${pathname}${search}`)
    await waitForHeading(page, 'Deliveries')
    await page.locator('main tbody tr a').nth(1).waitFor()
    expect(await page.getByText(/ignores unknown or invalid parameters/i).count()).toBe(0)

    await page.goto('/ops/alerts')
    await page
      .getByRole('row', { name: /Firing/ })
      .getByRole('link', { name: 'Show the deliveries' })
      .waitFor()
    await page.getByRole('button', { name: 'Edit Lost leads' }).click()
    await page.getByLabel('Dead letters').fill('7')
    await page.getByLabel('Only for this destination').selectOption({ label: 'Team' })
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('row', { name: /limit 7 .* only for Team/ }).waitFor()
    await page.getByRole('button', { name: 'Mute Lost leads' }).click()
    await page.getByRole('row', { name: /Lost leads .* Muted/ }).waitFor()
    await page.getByRole('button', { name: 'Delete Lost leads' }).click()
    await page.getByRole('button', { name: 'Delete the alert' }).click()
    await page.getByRole('heading', { name: 'No alert rules' }).waitFor()
    await close()
  })
})
