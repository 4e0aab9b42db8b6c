import { AxeBuilder } from '@axe-core/playwright'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'

/** A browser on the dashboard that notes whatever must never happen there. */
export interface Visit {
  page: Page
  context: BrowserContext
  /**
   * Ends it. Throws when there was a violation of the content security policy, an error in the console or a request to
   * another host.
   * @param provoked what of these the test makes happen itself
   */
  close: (provoked?: RegExp) => Promise<void>
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
 * Opens a page of its own, as a person would.
 * @param session the token to be signed in with, or null
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
  await context.addInitScript(tellViolations)
  const page = await context.newPage()
  const troubles = watch(page, origin)
  return { page, context, close: (provoked) => end(context, troubles, provoked) }
}

/** Also of what Chromium itself does not write into the console. */
const tellViolations =
  "addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => console.error('Refused by the policy:', effectiveDirective, blockedURI))"

async function end(context: BrowserContext, troubles: readonly string[], provoked?: RegExp): Promise<void> {
  await context.close()
  const grave = troubles.filter((trouble) => !provoked?.test(trouble))
  if (grave.length > 0) throw new Error(`This must not happen in the dashboard:\n${grave.join('\n')}`)
}

/** Refusals of the API are part of what is tested; the browser reports them as errors all the same. */
const ordinary = /Failed to load resource: the server responded with a status of (4\d\d|503)/

function watch(page: Page, origin: string): string[] {
  const troubles: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' && !ordinary.test(message.text()))
      troubles.push(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => void troubles.push(`error: ${error.message}`))
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (url.protocol.startsWith('http') && url.origin !== origin) troubles.push(`request: ${url.href}`)
  })
  return troubles
}

/** What is in the way of people who use the page otherwise, in both themes, as one line each. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  const problems: string[] = []
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme })
    problems.push(...(await problemsNow(page)).map((problem) => `${colorScheme}: ${problem}`))
  }
  return problems
}

async function problemsNow(page: Page): Promise<string[]> {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze()
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary ?? ''}`),
  )
}
