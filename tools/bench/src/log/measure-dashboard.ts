import { waitUntil } from '@ghostpost/test-kit/wait-until'
import type { Browser, Page, Request } from 'playwright-core'
import { findChromium } from '@ghostpost/test-kit/browser/find-chromium'
import { launchChromium, visit } from '@ghostpost/test-kit/browser/open-browser'
import { medianOf } from './median.ts'

export interface DashboardBench {
  /** Address of the API. */
  origin: string
  /** Session token of an admin of every site. */
  session: string
  /** Ids of one delivery, one failure group, one saved destination … */
  ids: { delivery: string; failure: string; destination: string; visitor: string; operation: string }
}

export interface PageFigure {
  name: string
  /** Duration of its slowest call in milliseconds. */
  slowestCallMs: number
  slowestCall: string
  /** Time from the navigation until everything is drawn, with an empty cache. */
  drawnMs: number
}

const rounds = 5

const pagesOf = ({ ids }: DashboardBench): Readonly<Record<string, string>> => ({
  Overview: '/',
  'Overview, 30 days': '/?range=30d',
  Deliveries: '/deliveries',
  'Deliveries, failed': '/deliveries?status=failed&range=30d',
  'Deliveries, a lead': '/deliveries?identified_user=lead12345@example.com',
  Delivery: `/deliveries/${ids.delivery}`,
  Visitor: `/visitors/${ids.visitor}`,
  Failures: '/failures',
  'Failure group': `/failures/${ids.failure}`,
  Operations: '/operations',
  Operation: `/operations/${ids.operation}`,
  Destinations: '/destinations',
  Destination: `/destinations/${ids.destination}?range=7d`,
  Alerts: '/alerts',
  Queues: '/queues',
  System: '/system',
  Activity: '/activity',
})

/** Opens every page of the dashboard several times; null without a browser. */
export async function measureDashboard(bench: DashboardBench): Promise<PageFigure[] | null> {
  const path = findChromium()
  if (path === null) return null
  const browser = await launchChromium(path)
  try {
    await openPage(browser, bench, '/')
    const figures: PageFigure[] = []
    for (const [name, address] of Object.entries(pagesOf(bench))) {
      const opened: Omit<PageFigure, 'name'>[] = []
      for (let round = 0; round < rounds; round += 1) opened.push(await openPage(browser, bench, address))
      const slowest = opened.toSorted((one, other) => one.slowestCallMs - other.slowestCallMs)[
        Math.floor(rounds / 2)
      ]
      figures.push({
        name,
        slowestCallMs: slowest?.slowestCallMs ?? 0,
        slowestCall: slowest?.slowestCall ?? '',
        drawnMs: medianOf(opened.map(({ drawnMs }) => drawnMs)),
      })
    }
    return figures
  } finally {
    await browser.close()
  }
}

async function openPage(
  browser: Browser,
  { origin, session }: DashboardBench,
  address: string,
): Promise<Omit<PageFigure, 'name'>> {
  const { page, close } = await visit(browser, origin, session)
  const calls = watchCalls(page)
  const start = performance.now()
  await page.goto(`/ops${address}`, { waitUntil: 'commit' })
  await page.locator('h1').waitFor()
  await page.locator('main [aria-busy="true"]').first().waitFor({ state: 'detached' })
  const drawnMs = performance.now() - start
  // The page shows no progress while it loads counts.
  await waitUntil('every call is answered', () => isQuiet(page, calls.pending))
  await close()
  return { ...calls.slowest, drawnMs }
}

interface Calls {
  pending: ReadonlySet<Request>
  slowest: Pick<PageFigure, 'slowestCallMs' | 'slowestCall'>
}

/** The page's calls of the API, without the stream, which never ends. */
function watchCalls(page: Page): Calls {
  const pending = new Set<Request>()
  const calls: Calls = { pending, slowest: { slowestCallMs: 0, slowestCall: '' } }
  page.on('request', (request) => {
    const { pathname } = new URL(request.url())
    if (pathname.startsWith('/api/') && pathname !== '/api/stream') pending.add(request)
  })
  page.on('requestfailed', (request) => pending.delete(request))
  page.on('requestfinished', (request) => {
    const took = request.timing().responseEnd
    if (!pending.delete(request) || took <= calls.slowest.slowestCallMs) return
    calls.slowest = { slowestCallMs: took, slowestCall: new URL(request.url()).pathname }
  })
  return calls
}

const waitForFrame = 'new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))'

/** Waits until no call is in flight and the last responses cause no further calls. */
async function isQuiet(page: Page, pending: ReadonlySet<Request>): Promise<boolean> {
  if (pending.size > 0) return false
  await page.evaluate(waitForFrame)
  return pending.size === 0
}
