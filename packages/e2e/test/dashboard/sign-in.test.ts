import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findChromium } from '../../src/browser/find-chromium.ts'
import { accessibilityProblems, launchChromium, visit } from '../../src/browser/open-browser.ts'
import { startStack, type Stack } from '../../src/start-stack.ts'

const chromium = findChromium()

describe.skipIf(chromium === null)('signing in', () => {
  let stack: Stack
  let browser: Browser

  beforeAll(async () => {
    stack = await startStack()
    browser = await launchChromium(chromium ?? '')
  })

  afterAll(async () => {
    await browser?.close()
    await stack?.stop()
  })

  test('leads back to the page that was asked for', async () => {
    const { page, troubles, close } = await visit(browser, stack.api, null)
    await page.goto('/ops/')
    await page.getByRole('heading', { name: 'Sign in to Ghostpost' }).waitFor()
    await page.getByLabel('E-mail address').fill(stack.user.email)
    await page.getByLabel('Password').fill('not the password')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').getByText('The e-mail address or the password is wrong.').waitFor()
    await page.getByLabel('Password').fill(stack.user.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'Overview' }).waitFor()
    expect(await page.title()).toBe('Overview · Ghostpost')
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in to Ghostpost' }).waitFor()
    expect(troubles).toEqual([])
    await close()
  })

  test.each(['light', 'dark'] as const)('stands in nobody’s way (%s)', async (scheme) => {
    const { page, troubles, close } = await visit(browser, stack.api, null, scheme)
    await page.goto('/ops/')
    await page.getByRole('heading', { name: 'Sign in to Ghostpost' }).waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    expect(troubles).toEqual([])
    await close()
  })
})
