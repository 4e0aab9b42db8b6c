import { createSessionToken, createUser } from '@ghostpost/test-kit/accounts'
import { startHubspotFake } from '@ghostpost/test-kit/hubspot-fake/hubspot-fake'
import { respond } from '@ghostpost/test-kit/receiver/reactions'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chromiumPath, waitForHeading, startDashboard, type Dashboard } from './dashboard.ts'
import { callApi } from '@ghostpost/test-kit/processes/call-api'

describe.skipIf(chromiumPath === null)('destinations and visitors', () => {
  let dashboard: Dashboard

  beforeAll(async () => {
    dashboard = await startDashboard({ GHOSTPOST_ALLOWED_ADDRESSES: '127.0.0.1/32' })
  })

  afterAll(() => dashboard?.stop())

  test('a destination is saved, tested, paused and used; its secrets stay masked', async () => {
    const { receiver } = dashboard.stack
    receiver.always(respond(200))
    const { page, close } = await dashboard.open('/destinations')
    await page.getByRole('heading', { name: 'No saved destinations' }).waitFor()
    await page.getByRole('button', { name: 'New destination' }).click()
    await page.getByLabel('Name').fill('Leads')
    await page.getByLabel('URL', { exact: true }).fill(`${receiver.url}secret-path`)
    await page.getByLabel('Headers').fill('x-api-key: very-secret')
    await page.getByLabel('Rate limit').fill('100 per 60 s')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText(/whsec_/).waitFor()
    await page.getByRole('button', { name: 'Show the destination' }).click()
    await waitForHeading(page, /Leads Enabled/)
    const shown = await page.getByRole('main').textContent()
    expect(shown).toContain('x-api-key: ••••••••')
    expect(shown).not.toMatch(/very-secret|secret-path|whsec_/)

    await page.getByRole('button', { name: 'Send a test' }).click()
    await page.getByRole('button', { name: 'Send the test' }).click()
    await page.getByText('Delivered: the receiver responded with 200').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click()
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByLabel('Reason (shown on its page)').fill('moving house')
    await page.getByRole('dialog').getByRole('button', { name: 'Pause' }).click()
    await page.getByText('Paused: moving house').waitFor()
    const sendTest = page.getByRole('button', { name: 'Send a test' })
    expect(await sendTest.getAttribute('title')).toContain('The destination is paused')
    await page.getByRole('button', { name: 'Enable' }).click()
    await waitForHeading(page, /Leads Enabled/)
    await page.getByText('Circuit closed').waitFor()
    await page.getByText(/^0 of at most [1-9]\d*$/).waitFor()

    await page.getByRole('button', { name: 'Edit' }).click()
    await page.getByLabel('Name').fill('New leads')
    await page.getByLabel('Rate limit').fill('50 per 10 s')
    await page.getByRole('button', { name: 'Save' }).click()
    await waitForHeading(page, /New leads Enabled/)
    await page.getByText('50 per 10 s').waitFor()

    await page.goto('/ops/visitors/gv_a1b2c3d4_e5f6g7h8')
    await page.getByRole('button', { name: 'Export now' }).click()
    await page.getByRole('button', { name: 'Export', exact: true }).click()
    await waitForHeading(page, /Delivered/)
    await page.getByRole('link', { name: 'jane@example.com' }).click()
    await waitForHeading(page, 'jane@example.com')
    await page.getByRole('definition').getByText('1 sent', { exact: true }).waitFor()
    await close()
  })

  test('visitors are found, and some of them are exported at once', async () => {
    const { receiver } = dashboard.stack
    receiver.always(respond(200))
    await callApi(dashboard.stack, '/api/destinations', {
      body: { name: 'Many', webhook_type: 'custom', webhook_url: `${receiver.url}many` },
    })
    const { page, close } = await dashboard.open('/deliveries?text=nobody')
    await page.getByRole('link', { name: 'Look among the visitors' }).click()
    await page.getByRole('heading', { name: 'No matching visitors' }).waitFor()
    await page.getByRole('searchbox').fill('jane@example.com')
    await page.keyboard.press('Enter')
    await page.getByRole('row', { name: /jane@example.com/ }).waitFor()
    expect(await page.getByRole('row').count()).toBe(2)
    await page.getByRole('button', { name: 'Clear all' }).click()
    await page.getByRole('row').nth(3).waitFor()
    for (const index of [1, 2, 3]) await page.getByRole('row').nth(index).getByRole('checkbox').check()
    await page.getByText('3 visitors selected').waitFor()
    await page.getByRole('button', { name: 'Export selected …' }).click()
    await page.getByLabel('Send to').selectOption({ label: 'Many (custom)' })
    await page.getByRole('button', { name: 'Preview the plan' }).click()
    await page.getByText(/^3 visitors would be exported to Many/).waitFor()
    await page.getByRole('button', { name: 'Start' }).click()
    await waitForHeading(page, /Export 3 deliveries Completed/)
    expect(receiver.requests.filter(({ path }) => path === '/many')).toHaveLength(3)
    await close()
  })

  test('the form has the options of the type, and keeps the saved ones', async () => {
    const { page, close } = await dashboard.open('/destinations')
    await page.getByRole('button', { name: 'New destination' }).click()
    await page.getByLabel('Type').selectOption('slack')
    await page.getByLabel('Compatible server').check()
    await page.getByLabel('Type').selectOption('salesforce')
    await page.getByLabel('Name', { exact: true }).fill('Leads in Salesforce')
    await page.getByLabel('URL', { exact: true }).fill('https://example.my.salesforce.com')
    await page.getByLabel('Converted records').selectOption('skip')
    await page.getByLabel('Write City').selectOption('always')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('button', { name: 'Show the destination' }).click()
    await page.getByText('converted records: skip, City: always').waitFor()
    await page.getByRole('button', { name: 'Edit' }).click()
    expect(await page.getByLabel('Write City').inputValue()).toBe('always')
    await page.getByLabel('Write City').selectOption('empty')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('converted records: skip', { exact: true }).waitFor()
    await close()
  })

  test('a mapping is previewed while one types, refused where it is wrong, and saved', async () => {
    const { stack } = dashboard
    const saved = await callApi(stack, '/api/destinations', {
      body: { name: 'Chat', webhook_type: 'slack', webhook_url: stack.receiver.url },
    })
    const { id } = (saved.body as { destination: { id: string } }).destination
    const { page, close } = await dashboard.open(`/destinations/${id}`)
    await page.getByRole('button', { name: 'Mapping' }).click()
    const preview = page.getByRole('region', { name: 'Preview' })
    await preview.getByText('New Lead from GHOST').waitFor()
    const text = page.getByRole('textbox', { name: 'Mapping', exact: true })
    await text.fill('{"fields": [{"from": "password"}]}')
    await page.getByText('mapping.fields.0.from').first().waitFor()
    await text.fill('{"language": "de", "fields": [{"from": "company"}, {"from": "email"}]}')
    await page.getByLabel('Visitor of the preview').fill('gv_a1b2c3d4_e5f6g7h8')
    await preview.getByText('Firma:').waitFor()
    await preview.getByText(/jane@/).waitFor()
    await page.getByRole('button', { name: 'Save the mapping' }).click()
    await page.getByText('company, email; language de').waitFor()
    const read = await callApi(stack, `/api/destinations/${id}`)
    expect(read.body).toMatchObject({ mapping: { language: 'de' } })
    await close()
  })

  test('a delivery to a CRM shows the request that was created from the payload', async () => {
    const { stack } = dashboard
    const hubspot = await startHubspotFake()
    const saved = await callApi(stack, '/api/destinations', {
      body: {
        name: 'HubSpot',
        webhook_type: 'hubspot',
        webhook_url: `${hubspot.url}/crm/v3/objects/contacts`,
        credentials: { kind: 'access_token', access_token: hubspot.token },
      },
    })
    const { id: destination_id } = (saved.body as { destination: { id: string } }).destination
    const ghost_vid = 'gv_a1b2c3d4_e5f6g7h8'
    const { body } = await callApi(stack, '/api/webhook', { body: { ghost_vid, destination_id } })
    await hubspot.stop()
    const { page, close } = await dashboard.open(`/deliveries/${String(body?.['delivery_id'])}`)
    await waitForHeading(page, /Delivery of jane@example.com Failed/)
    await page
      .getByRole('heading', { name: /^Request body \((POST|PATCH), in the CRM’s format\)$/ })
      .waitFor()
    await page.getByLabel('Request body', { exact: true }).getByText('ghost_visitor_id').waitFor()
    await page.getByText('Ghostpost converts this payload into the CRM’s format').waitFor()
    await close()
  })

  test('only an admin can erase a visitor, and types its id', async () => {
    const { database } = dashboard.stack
    const path = '/visitors/gv_a1b2c3d4_e5f6g7h8'
    const member = await dashboard.open(path)
    const erase = member.page.getByRole('button', { name: 'Erase …' })
    expect(await erase.getAttribute('title')).toContain('needs the role admin')
    await member.close()

    const admin = await createUser(database, [4], 'admin')
    const { page, close } = await dashboard.open(path, {
      session: await createSessionToken(database, admin.id),
    })
    await page.getByRole('button', { name: 'Erase …' }).click()
    const confirm = page.getByRole('button', { name: 'Erase permanently' })
    expect(await confirm.getAttribute('aria-disabled')).toBe('true')
    await page.getByLabel('Type gv_a1b2c3d4_e5f6g7h8 to confirm').fill('gv_a1b2c3d4_e5f6g7h8')
    await confirm.click()
    await page.getByText('The profile was deleted.').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click()
    await page.getByRole('link', { name: 'Activity' }).click()
    await page.getByRole('rowheader', { name: 'Visitor erased' }).waitFor()
    await close()
  })
})
