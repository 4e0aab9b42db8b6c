import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { createBullBoard } from '@bull-board/api'
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import type {
  AppControllerRoute,
  BullBoardQueues,
  IServerAdapter,
  UIConfig,
} from '@bull-board/api/typings/app'
import type { Queue } from 'bullmq'
import { deliveryIdOf } from './job-options.ts'

/** A read-only page that shows the queues in their store. */
export interface QueueBoard {
  /** Folder of the page's files, which the caller serves under `static/` below the base. */
  assets: string
  /** Paths of its views below the base. */
  views: readonly string[]
  /** The page as HTML, without external resources and inline scripts. */
  page: string
  /** Its API routes below the base. */
  routes: readonly BoardRoute[]
}

interface BoardRoute {
  path: string
  handle: (request: BoardRequest) => Promise<{ status: number; body: unknown }>
}

interface BoardRequest {
  params: Record<string, string>
  query: Record<string, unknown>
}

const settings: UIConfig = {
  boardTitle: 'Ghostpost: raw queues',
  hideDocsLink: true,
  // It would list the clients once per queue and request.
  showWorkers: false,
  pollingInterval: { showSetting: false, forceInterval: 5 },
}

/**
 * Opens bull-board on the given queues. Only its read routes are used, so that no action bypasses the database, the
 * roles
 * and the audit log. Results and errors of jobs are removed.
 * @param base URL path of the page, with a trailing slash
 * @param deliveries URL path of a delivery's page, with a trailing slash
 */
export function openQueueBoard(queues: readonly Queue[], base: string, deliveries: string): QueueBoard {
  const collected = collectBoard()
  createBullBoard({
    queues: queues.map((queue) => adapterOf(queue, deliveries)),
    serverAdapter: collected.adapter,
    options: { uiConfig: settings, uiBasePath: uiFolder() },
  })
  const { assets, views, routes, shown: boardQueues } = collected
  return {
    assets: assets(),
    views: views(),
    page: pageOf(join(assets(), '..'), base, settings),
    routes: routes()
      .filter(({ method }) => method === 'get')
      .flatMap((route) => [route.route].flat().map((path) => boardRouteOf(path, route, boardQueues()))),
  }
}

function adapterOf(queue: Queue, deliveries: string): BullMQAdapter {
  return new BullMQAdapter(queue, {
    readOnlyMode: true,
    externalJobUrl: ({ id }) => ({
      displayText: 'Delivery',
      href: `${deliveries}${encodeURIComponent(deliveryIdOf(String(id ?? '')))}`,
    }),
  })
}

function boardRouteOf(path: string, route: AppControllerRoute, queues: BullBoardQueues): BoardRoute {
  return {
    path,
    handle: async ({ params, query }) => {
      const request = { queues, uiConfig: settings, params, query, body: {}, headers: {} }
      const { status = 200, body } = await route.handler(request)
      return { status, body: withoutRedacted(body) }
    },
  }
}

const redacted = 'not shown here; see the delivery'
const redactedFields: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['failedReason', redacted],
  ['deferredFailure', redacted],
  ['returnValue', redacted],
  ['returnvalue', redacted],
  ['stacktrace', []],
  ['logs', []],
])

/** Removes results and errors: their texts may contain data of receivers. */
function withoutRedacted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutRedacted)
  if (typeof value !== 'object' || value === null) return value
  const cleaned = Object.entries(value).map(([name, inner]): [string, unknown] => {
    const replacement = redactedFields.get(name)
    return [
      name,
      replacement === undefined || inner === undefined || inner === null
        ? withoutRedacted(inner)
        : replacement,
    ]
  })
  return Object.fromEntries(cleaned)
}

/** A server adapter that collects bull-board's routes and files for our own server. */
function collectBoard() {
  let assets = ''
  let views: string[] = []
  let routes: AppControllerRoute[] = []
  let boardQueues: BullBoardQueues = new Map()
  const adapter: IServerAdapter = {
    setQueues: (queues) => ((boardQueues = queues), adapter),
    setViewsPath: () => adapter,
    setStaticPath: (_route, path) => ((assets = path), adapter),
    setEntryRoute: ({ route }) => ((views = [route].flat()), adapter),
    setErrorHandler: () => adapter,
    setApiRoutes: (all) => ((routes = all), adapter),
    setUIConfig: () => adapter,
  }
  return { adapter, assets: () => assets, views: () => views, routes: () => routes, shown: () => boardQueues }
}

function uiFolder(): string {
  return dirname(createRequire(import.meta.url).resolve('@bull-board/ui/package.json'))
}

/** Builds the page from bull-board's files. Its own page loads external fonts and has inline styles. */
function pageOf(folder: string, base: string, config: UIConfig): string {
  const template = readFileSync(join(folder, 'index.ejs'), 'utf8')
  const styles = [...template.matchAll(/href="(static\/css\/[\w.-]+)"/g)].map(([, href]) => href)
  const scripts = [...template.matchAll(/src="(static\/js\/[\w.-]+)"/g)].map(([, src]) => src)
  if (styles.length === 0 || scripts.length === 0)
    throw new Error('the page of this bull-board version has an unknown form')
  const configJson = JSON.stringify(config).replaceAll('<', String.raw`\u003c`)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="robots" content="noindex" />
<base href="${base}" />
<title>${config.boardTitle ?? ''}</title>
<link rel="icon" type="image/svg+xml" href="static/images/logo.svg" />
${styles.map((href) => `<link rel="stylesheet" href="${href}" />`).join('\n')}
</head>
<body>
<script id="__UI_CONFIG__" type="application/json">${configJson}</script>
<div id="root">Loading …</div>
${scripts.map((src) => `<script defer src="${src}"></script>`).join('\n')}
</body>
</html>
`
}
