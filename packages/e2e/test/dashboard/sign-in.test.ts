import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chromiumPath, waitForHeading, startDashboard, type Dashboard } from './dashboard.ts'
import { createSessionToken, createUser } from '@ghostpost/test-kit/accounts'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { callApi } from '@ghostpost/test-kit/processes/call-api'
import { accessibilityProblems } from '@ghostpost/test-kit/browser/open-browser'

describe.skipIf(chromiumPath === null)('signing in', () => {
  let dashboard: Dashboard

  beforeAll(async () => {
    dashboard = await startDashboard()
  })

  afterAll(() => dashboard?.stop())

  test('returns to the requested page', async () => {
    const { user } = dashboard.stack
    const { page, close } = await dashboard.open('/deliveries?status=failed', { session: null })
    await waitForHeading(page, 'Sign in to Ghostpost')
    await page.getByLabel('E-mail address').fill(user.email)
    await page.getByLabel('Password').fill('not the password')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').getByText('The e-mail address or the password is wrong.').waitFor()
    await page.getByLabel('Password').fill(user.password)
    await page.keyboard.press('Enter')
    await waitForHeading(page, 'Deliveries')
    expect(await page.getByLabel('Status').inputValue()).toBe('failed')
    expect(await page.title()).toBe('Deliveries · Ghostpost')
    await page.getByRole('button', { name: 'Sign out' }).click()
    await waitForHeading(page, 'Sign in to Ghostpost')
    await close()
  })

  test('is required again when the session ends, and returns to the same page', async () => {
    const { stack } = dashboard
    const { page, close } = await dashboard.open('/failures', { session: null })
    await page.getByLabel('E-mail address').fill(stack.user.email)
    await page.getByLabel('Password').fill(stack.user.password)
    await page.keyboard.press('Enter')
    await waitForHeading(page, 'Failures')
    await page.context().clearCookies()
    await page.getByRole('link', { name: 'Operations' }).click()
    await page.getByText('Your session has ended').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await page.getByLabel('E-mail address').fill(stack.user.email)
    await page.getByLabel('Password').fill(stack.user.password)
    await page.keyboard.press('Enter')
    await waitForHeading(page, 'Operations')
    expect(new URL(page.url()).pathname).toBe('/ops/operations')
    await close()
  })

  test('leads to the account page, where people end their other sessions and change their password', async () => {
    const { stack } = dashboard
    const user = await createUser(stack.database, [4])
    const [mine, other, third] = [
      await createSessionToken(stack.database, user.id),
      await createSessionToken(stack.database, user.id),
      await createSessionToken(stack.database, user.id),
    ]
    const { page, close } = await dashboard.open('/', { session: mine })
    await page.getByRole('link', { name: `Account: ${user.email}` }).click()
    await waitForHeading(page, 'Account')
    const rows = page.getByRole('region', { name: 'Your sessions' }).locator('tbody tr')
    await rows.nth(2).waitFor()
    expect(await rows.first().textContent()).toContain('This session')
    expect(await accessibilityProblems(page)).toEqual([])
    await rows
      .nth(1)
      .getByRole('button', { name: /^End the session of/ })
      .click()
    await rows.nth(2).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'End all others' }).click()
    await rows.nth(1).waitFor({ state: 'detached' })
    const ended = [other, third].map((session) => callApi(stack, '/api/session', { session }))
    expect((await Promise.all(ended)).map(({ status }) => status)).toEqual([401, 401])

    await page.getByRole('button', { name: 'New API key' }).click()
    await page.getByLabel('Name').fill('nightly feed')
    expect(await page.getByLabel('Role').locator('option').allTextContents()).toEqual(['viewer', 'operator'])
    await page.getByRole('button', { name: 'Create the key' }).click()
    const key = (await page.getByRole('dialog').locator('code').textContent()) ?? ''
    expect((await callApi(stack, '/api/session', { key })).body).toMatchObject({
      sites: [{ role: 'viewer' }],
    })
    await page.getByRole('dialog').getByText('Close', { exact: true }).click()
    await page.getByRole('button', { name: 'Revoke nightly feed' }).click()
    await page.getByRole('button', { name: 'Revoke nightly feed' }).waitFor({ state: 'detached' })
    expect((await callApi(stack, '/api/session', { key })).status).toBe(401)

    await page.getByLabel('Current password').fill('not the password')
    await page.getByLabel('New password', { exact: true }).fill('a new long password')
    await page.getByLabel('New password again').fill('a new long passwort')
    await page.getByRole('button', { name: 'Change the password' }).click()
    await page.getByRole('alert').getByText('The two new passwords differ.').waitFor()
    await page.getByLabel('New password again').fill('a new long password')
    await page.getByRole('button', { name: 'Change the password' }).click()
    await page.getByRole('alert').getByText('The current password is wrong.').waitFor()
    await page.getByLabel('Current password').fill(user.password)
    await page.getByRole('button', { name: 'Change the password' }).click()
    await page.getByRole('status').getByText('The password is changed.').waitFor()
    expect(await page.getByLabel('Current password').inputValue()).toBe('')
    const body = { email: user.email, password: 'a new long password' }
    expect((await callApi(stack, '/api/session', { body, session: null })).status).toBe(200)
    await close()
  })

  test('shortcuts, search and dialogs work with the keyboard', async () => {
    const { page, close } = await dashboard.open('/')
    await waitForHeading(page, 'Overview')
    await page.keyboard.press('Tab')
    expect(await page.locator(':focus').textContent()).toBe('Skip to the content')
    await page.keyboard.press('g')
    await page.keyboard.press('d')
    await waitForHeading(page, 'Deliveries')
    await page.locator('h1:focus').waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('g?')
    expect(await page.getByRole('searchbox').inputValue()).toBe('g?')
    await page.getByRole('link', { name: 'Overview' }).focus()
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await page.locator(':focus').textContent()).toBe('Overview')
    await close()
  })

  test('a violation of the content security policy fails the test', async () => {
    const { page, close } = await dashboard.open('/', { session: null })
    await waitForHeading(page, 'Sign in to Ghostpost')
    const image = "Object.assign(new Image(), { src: 'https://elsewhere.example/x.png' })"
    await Promise.all([
      page.waitForEvent('console', { predicate: (message) => message.text().startsWith('Refused by') }),
      page.evaluate(`document.body.append(${image})`),
    ])
    await expect(close()).rejects.toThrow('img-src https://elsewhere.example/x.png')
  })

  test('a chosen theme applies before the page paints, also after a reload', async () => {
    const { page, close } = await dashboard.open('/')
    const background = (): Promise<string> =>
      page.evaluate('getComputedStyle(document.documentElement).backgroundColor')
    await waitForHeading(page, 'Overview')
    const light = await background()
    await page.getByLabel('Theme').selectOption('dark')
    const dark = await background()
    expect(dark).not.toBe(light)
    await page.reload({ waitUntil: 'commit' })
    await page.locator('html[data-theme=dark]').waitFor({ state: 'attached' })
    await waitForHeading(page, 'Overview')
    expect(await background()).toBe(dark)
    await close()
  })

  test('an admin invites a person, who opens the link, chooses a password and is signed in', async () => {
    const { stack } = dashboard
    const session = await createSessionToken(
      stack.database,
      (await createUser(stack.database, [4, 7], 'admin')).id,
    )
    const { page, close } = await dashboard.open('/accounts', { session })
    await waitForHeading(page, 'Accounts')
    await page.getByRole('button', { name: 'Invite' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('E-mail address').fill('grace@example.test')
    await dialog.getByLabel('Role').selectOption('operator')
    await dialog.getByRole('button', { name: 'Invite' }).click()
    const link = (await dialog.getByText('/ops/join#').textContent()) ?? ''
    await dialog.getByText('Close', { exact: true }).click()
    await page
      .getByRole('row', { name: /grace@example\.test/ })
      .getByText('invited')
      .first()
      .waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    const joined = await dashboard.open(`/join${new URL(link).hash}`, { session: null })
    await waitForHeading(joined.page, 'Welcome to Ghostpost')
    expect(await accessibilityProblems(joined.page)).toEqual([])
    await joined.page.getByLabel('Password', { exact: true }).fill('a long pass phrase')
    await joined.page.getByLabel('Password again').fill('another pass phrase')
    await joined.page.getByRole('button', { name: 'Create the account' }).click()
    await joined.page.getByText('The two passwords differ.').waitFor()
    await joined.page.getByLabel('Password again').fill('a long pass phrase')
    await joined.page.getByRole('button', { name: 'Create the account' }).click()
    await waitForHeading(joined.page, 'Overview')
    await joined.close()
    const row = page.getByRole('row', { name: /grace@example\.test/ })
    await row.getByRole('button', { name: 'Disable' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Disable the account' }).click()
    await row.getByRole('button', { name: 'Enable' }).waitFor()
    await close()
    const used = await dashboard.open(`/join${new URL(link).hash}`, { session: null })
    await used.page.getByText('This link is unknown, used, replaced or expired.').waitFor()
    await used.close()
  })

  test('shows why a single sign-on failed, and nothing that a link makes up', async () => {
    const { page, close } = await dashboard.open('/sign-in?failed=no_account', { session: null })
    expect(await page.getByRole('alert').textContent()).toContain('You have no account here.')
    await page.goto('/ops/sign-in?failed=call+0123')
    await page.getByRole('alert').getByText('The sign-in failed.').waitFor()
    await close()
  })

  test('an installation without accounts is set up in the browser', async () => {
    const { stack } = dashboard
    await stack.database.pool.query('truncate users cascade')
    const { output, address, stop } = await stack.startApi()
    await waitUntil('the link is printed', () => output().includes('/ops/setup#'))
    const hash = /\/ops\/setup(#\S+)/.exec(output())?.[1] ?? ''
    const { page, close } = await dashboard.open(`/setup${hash}`, { session: null, origin: address })
    await waitForHeading(page, 'Set up Ghostpost')
    expect(await accessibilityProblems(page)).toEqual([])
    await page.getByLabel('Your name').fill('Ada')
    await page.getByLabel('E-mail address').fill('ada@example.test')
    await page.getByLabel('Name of the first site').fill('Shop')
    await page.getByLabel('Password', { exact: true }).fill('a long pass phrase')
    await page.getByLabel('Password again').fill('a long pass phrase')
    await page.getByRole('button', { name: 'Create the first account' }).click()
    await waitForHeading(page, 'Overview')
    await close()
    await stop()
  })
})
