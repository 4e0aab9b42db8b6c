import type { Database } from '@ghostpost/infrastructure/database/connection'
import type { PlanView } from '@ghostpost/delivery/contract/operations'
import { createSessionToken, createUser } from '@ghostpost/test-kit/accounts'
import { fetchJson } from './bench-api.ts'
import { loadStats } from './load-stats.ts'
import { measureDashboard, type DashboardBench, type PageFigure } from './measure-dashboard.ts'
import type { ResultLine } from './result-line.ts'

const callTargetMs = 300
const overviewTargetMs = 1_000
const destinations = 20

/** Measures in a real browser the slowest call of each dashboard page and the time until the overview is drawn. */
export async function dashboardLines(database: Database, origin: string): Promise<ResultLine[]> {
  const sites = await database.prisma.site.findMany({ select: { id: true } })
  const user = await createUser(
    database,
    sites.map(({ id }) => id),
    'admin',
  )
  const session = await createSessionToken(database, user.id)
  for (let index = 0; index < destinations; index += 1) await saveDestination(origin, session, index)
  await loadStats(database.pool)
  const ids = { ...(await someIds(database)), operation: await planOperation(origin, session) }
  const figures = await measureDashboard({ origin, session, ids })
  if (figures === null)
    return [{ what: 'pages of the dashboard', measured: 'no Chromium here', target: '', met: false }]
  return figures.flatMap(linesOf)
}

function saveDestination(origin: string, session: string, index: number): Promise<unknown> {
  const body = {
    name: `Destination ${index}`,
    webhook_type: 'custom',
    webhook_url: 'https://example.com/hook',
  }
  return fetchJson({ session, address: origin }, '/api/destinations', body)
}

/** Plans an operation over failed deliveries, whose page shows what it would do. */
async function planOperation(origin: string, session: string): Promise<string> {
  const body = { kind: 'resend', filter: { status: 'failed' } }
  const { operation } = await fetchJson<PlanView>({ session, address: origin }, '/api/operations/plan', body)
  return operation.operation_id
}

async function someIds({ pool }: Database): Promise<Omit<DashboardBench['ids'], 'operation'>> {
  const { rows } = await pool.query<{ id: string; failure: string; ghost_vid: string }>(
    `select id, failure, ghost_vid from deliveries where site_id = 4 and state = 'failed' order by id desc limit 1`,
  )
  const saved = await pool.query<{ id: string }>('select id from destinations where site_id = 4 limit 1')
  const [row] = rows
  return {
    delivery: row?.id ?? '',
    failure: row?.failure ?? '',
    visitor: row?.ghost_vid ?? '',
    destination: saved.rows[0]?.id ?? '',
  }
}

function linesOf({ name, slowestCallMs, slowestCall, drawnMs }: PageFigure): ResultLine[] {
  const call = {
    what: `dashboard, ${name}: slowest call (${slowestCall})`,
    measured: `${slowestCallMs.toFixed(0)} ms`,
    target: `≤ ${callTargetMs} ms`,
    met: slowestCallMs <= callTargetMs,
  }
  if (name !== 'Overview') return [call]
  const drawn = {
    what: 'dashboard, Overview: drawn, from nothing',
    measured: `${drawnMs.toFixed(0)} ms`,
    target: `≤ ${overviewTargetMs} ms`,
    met: drawnMs <= overviewTargetMs,
  }
  return [call, drawn]
}
