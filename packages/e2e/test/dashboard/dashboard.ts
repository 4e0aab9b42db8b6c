import type { Browser, Page } from 'playwright-core'
import { startStack, type Stack, type StackSettings } from '@ghostpost/test-kit/processes/start-stack'
import { findChromium } from '@ghostpost/test-kit/browser/find-chromium'
import { launchChromium, visit, type Visit } from '@ghostpost/test-kit/browser/open-browser'

export { createAdminSession } from '@ghostpost/test-kit/accounts'

/** Null when no browser was found; the tests are then skipped with a warning. */
export const chromiumPath = findChromium()

if (chromiumPath === null)
  console.warn(
    'No Chromium found: the browser tests are skipped. Put Chromium on the PATH, or set CHROMIUM_PATH.',
  )

interface OpenOptions {
  session?: string | null
  /** Address of another API than the stack's first one. */
  origin?: string
}

export interface Dashboard {
  stack: Stack
  /** Opens a page of the dashboard, signed in unless `session` is null. */
  open: (path: string, options?: OpenOptions) => Promise<Visit>
  stop: () => Promise<void>
}

/** Starts the real stack and a real browser. */
export async function startDashboard(settings: StackSettings = {}): Promise<Dashboard> {
  const stack = await startStack(settings)
  let browser: Browser
  try {
    browser = await launchChromium(chromiumPath ?? '')
  } catch (error) {
    await stack.stop()
    throw error
  }
  return {
    stack,
    open: async (path, { session = stack.session, origin = stack.api } = {}) => {
      const opened = await visit(browser, origin, session)
      await opened.page.goto(`/ops${path}`)
      return opened
    },
    stop: async () => {
      await browser.close()
      await stack.stop()
    },
  }
}

/** Waits until the page's h1 has this text. */
export async function waitForHeading(page: Page, name: string | RegExp): Promise<void> {
  await page.getByRole('heading', { level: 1, name }).waitFor()
}
