import axe from 'axe-core'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'

/** A browser on the dashboard that records forbidden events. */
export interface Visit {
  page: Page
  context: BrowserContext
  /**
   * Closes it.
   * @throws when it recorded a violation of the content security policy, a console error or a request to another host
   * @param expected events that the test causes on purpose
   */
  close: (expected?: RegExp) => Promise<void>
}

const launchArguments = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const actionMs = 15_000

export function launchChromium(executablePath: string): Promise<Browser> {
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  return chromium.launch({ executablePath, args: [...launchArguments, ...sandbox] })
}

/**
 * Opens a page in its own browser context.
 * @param session token of the signed-in session; null for none
 */
export async function visit(browser: Browser, origin: string, session: string | null): Promise<Visit> {
  const context = await browser.newContext({
    baseURL: origin,
    colorScheme: 'light',
    viewport: { width: 1_360, height: 850 },
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
  })
  context.setDefaultTimeout(actionMs)
  if (session !== null) await context.addCookies([{ name: 'session', value: session, url: origin }])
  await context.addInitScript(reportViolations)
  const page = await context.newPage()
  const found = collectProblems(page, origin)
  return { page, context, close: (expected) => closeContext(context, found, expected) }
}

/** Includes violations that Chromium does not write to the console. */
const reportViolations =
  "addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => " +
  "console.error('Refused by the policy:', effectiveDirective, blockedURI))"

async function closeContext(
  context: BrowserContext,
  found: readonly string[],
  expected?: RegExp,
): Promise<void> {
  await context.close()
  const unexpected = found.filter((problem) => !expected?.test(problem))
  if (unexpected.length > 0)
    throw new Error(`This must not happen in the dashboard:\n${unexpected.join('\n')}`)
}

/** Tests provoke error responses of the API, which the browser reports as console errors. */
const expectedErrors = /Failed to load resource: the server responded with a status of (4\d\d|503)/

function collectProblems(page: Page, origin: string): string[] {
  const found: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' && !expectedErrors.test(message.text()))
      found.push(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => void found.push(`error: ${error.message}`))
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (url.protocol.startsWith('http') && url.origin !== origin) found.push(`request: ${url.href}`)
  })
  return found
}

/** What `axe.run` checks: rules by tag, or by name. */
type Rules = { type: 'tag' | 'rule'; values: string[] }

const allRules: Rules = {
  type: 'tag',
  values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
}
/** The themes differ in colours only. */
const colourRules: Rules = { type: 'rule', values: ['color-contrast'] }

/** Accessibility violations of the page in both themes, one line each. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  await page.emulateMedia({ colorScheme: 'dark' })
  const dark = await problemsNow(page, colourRules)
  await page.emulateMedia({ colorScheme: 'light' })
  const light = await problemsNow(page, allRules)
  return [...dark.map((problem) => `dark: ${problem}`), ...light.map((problem) => `light: ${problem}`)]
}

/** Runs axe in the page, where `axe.source` has defined it. */
async function problemsNow(page: Page, runOnly: Rules): Promise<string[]> {
  const options = { runOnly, resultTypes: ['violations'], preload: false }
  const { violations }: axe.AxeResults = await page.evaluate(`axe.run(${JSON.stringify(options)})`)
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary ?? ''}`),
  )
}
