import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { DeliveryFilter } from '@ghostpost/delivery/contract'
import { listDeliveries, migrate, openDatabase, type Database } from '@ghostpost/infrastructure'
import { createSessionToken, createUser, waitUntil } from '@ghostpost/test-kit'
import { addressIn, entryOf, startProcess, type RunningProcess } from '../../start-process.ts'
import { dashboardLines } from './dashboard-lines.ts'
import { ms, rowOf, type Line } from './lines.ts'
import { loadLog } from './load-log.ts'

export interface LogBench {
  postgresUrl: string
  redisUrl: string
  deliveries: number
  /** Only the pages of the dashboard. */
  dashboardOnly: boolean
  tell: (line: string) => void
}

const repository = fileURLToPath(new URL('../../../../..', import.meta.url))
const rounds = 15
const pageTargetMs = 50
const planTargetMs = 2_000
const memoryTargetMb = 256

/** Every filter a page of the log may have, at the top, in the middle, and where it finds nothing. */
const filters: readonly DeliveryFilter[] = [
  {},
  { status: 'failed' },
  { status: 'cancelled' },
  { status: 'retrying' },
  { status: 'delivered' },
  { status: 'failed,retrying' },
  { webhook_type: 'slack' },
  { webhook_type: 'slack', status: 'failed' },
  { receiver: 'host7.example.com' },
  { receiver: 'nowhere.example.com' },
  { cause: 'cause_3' },
  { response_status: '404' },
  { response_status: '5xx', status: 'failed' },
  { response_status: '302' },
  { ghost_vid: 'gv_load_77' },
  { identified_user: 'lead12345@example.com' },
  { status: 'failed', receiver: 'host0.example.com', webhook_type: 'custom' },
]

/** Loads the log, measures it through a real API process, and says what met its target. Resolves to how many did not. */
export async function measureLog(bench: LogBench): Promise<number> {
  await migrate(bench.postgresUrl, join(repository, 'prisma/migrations'), () => {})
  const database = openDatabase({
    url: bench.postgresUrl,
    poolMax: 2,
    connectTimeoutMs: 5_000,
    statementTimeoutMs: 600_000,
    applicationName: 'bench',
    onIdleError: () => {},
  })
  await database.pool.query(await readFile(join(repository, 'prisma/seed.sql'), 'utf8'))
  const user = await createUser(database, [4])
  const start = performance.now()
  await loadLog(database.pool, user.id, { deliveries: bench.deliveries, attemptsEach: 3 }, bench.tell)
  bench.tell(`loaded in ${Math.round((performance.now() - start) / 1_000)} s`)
  const session = await createSessionToken(database, user.id)
  const api = await startApi(bench)
  const address = await waitUntil('the API listens', () => addressIn(api.output()))
  const caller = { session, address }
  try {
    const ofLog = async (): Promise<Line[]> => [
      ...(await measurePages(bench, database, caller)),
      ...(await measureRest(bench, database, caller, api)),
    ]
    const lines = [
      ...(bench.dashboardOnly ? [] : await ofLog()),
      ...(await dashboardLines(database, address)),
    ]
    bench.tell(
      `\n| what | measured | target | |\n| --- | --- | --- | --- |\n${lines.map(rowOf).join('\n')}\n`,
    )
    return lines.filter(({ met }) => !met).length
  } finally {
    await api.stop()
    await database.close()
  }
}

interface Caller {
  session: string
  address: string
}

async function startApi({ postgresUrl, redisUrl }: LogBench): Promise<RunningProcess> {
  return startProcess(entryOf('api'), {
    GHOSTPOST_PORT: '0',
    GHOSTPOST_METRICS_PORT: '0',
    GHOSTPOST_COOKIE_SECURE: 'false',
    GHOSTPOST_DRAIN_MS: '0',
    GHOSTPOST_LOG_LEVEL: 'info',
    GHOSTPOST_RATE_LIMIT_IP: '0',
    GHOSTPOST_RATE_LIMIT_SESSION: '0',
    GHOSTPOST_SECRET_KEYS: `bench:${Buffer.alloc(32, 7).toString('base64')}`,
    DATABASE_URL: postgresUrl,
    QUEUE_URL: redisUrl,
  })
}

async function call({ session, address }: Caller, path: string, body?: object): Promise<Response> {
  return fetch(new URL(path, address), {
    headers: { cookie: `session=${session}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
  })
}

async function medianMs(work: (round: number) => Promise<unknown>, times = rounds): Promise<number> {
  const taken: number[] = []
  for (let round = 0; round < times; round += 1) {
    const start = performance.now()
    await work(round)
    taken.push(performance.now() - start)
  }
  return taken.toSorted((a, b) => a - b)[Math.floor(times / 2)] ?? 0
}

async function measurePages(bench: LogBench, database: Database, caller: Caller): Promise<Line[]> {
  const lines: Line[] = []
  // Deep pages begin at other places each time, so that none is warm from the one before.
  const { rows } = await database.pool.query<{ id: string }>(
    `select id from (select id, row_number() over (order by id) as n from deliveries) d
     where n % ${Math.max(Math.floor(bench.deliveries / rounds), 1)} = 0 order by n`,
  )
  for (const filter of filters) {
    const query = new URLSearchParams(filter).toString()
    const name = query === '' ? 'all' : decodeURIComponent(query)
    const top = await medianMs(() => read(caller, `/api/deliveries?${query}`))
    const deep = await medianMs((round) =>
      read(caller, `/api/deliveries?${query}&cursor=${rows[round % rows.length]?.id}`),
    )
    const plan = await planOf(database, filter, rows[Math.floor(rows.length / 2)]?.id ?? null)
    lines.push(ms(`page: ${name}`, top, pageTargetMs), ms(`page deep: ${name}`, deep, pageTargetMs))
    const scanned = /Seq Scan on deliveries/.test(plan)
    const indexes = [...new Set([...plan.matchAll(/using (\w+) on deliveries/g)].map(([, index]) => index))]
    lines.push({
      what: `index: ${name}`,
      measured: indexes.join(', '),
      target: 'no sequential scan',
      met: !scanned,
    })
  }
  return lines
}

async function read(caller: Caller, path: string): Promise<void> {
  const response = await call(caller, path)
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  await response.text()
}

/** How Postgres reads a page: the very statement, explained. */
async function planOf(database: Database, filter: DeliveryFilter, cursor: string | null): Promise<string> {
  const plans: string[] = []
  const explaining = {
    query: async (text: string | { text: string }, values?: unknown[]) => {
      if (typeof text === 'string' && text.includes('from deliveries')) {
        const { rows } = await database.pool.query<Record<'QUERY PLAN', string>>(`explain ${text}`, values)
        plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'))
      }
      return typeof text === 'string' ? database.pool.query(text, values) : database.pool.query(text)
    },
  }
  const watched = { pool: explaining as unknown as Database['pool'] }
  await listDeliveries(watched, 4, filter, { limit: 50, cursor })
  return plans.join('\n')
}

async function measureRest(
  bench: LogBench,
  database: Database,
  caller: Caller,
  api: RunningProcess,
): Promise<Line[]> {
  const { rows } = await database.pool.query<{ id: string }>('select id from deliveries limit 1000')
  const detail = await medianMs((round) => read(caller, `/api/deliveries/${rows[round * 50]?.id}`))
  const count = await medianMs(() => read(caller, '/api/deliveries/count'))
  const rare = await medianMs(() => read(caller, '/api/deliveries/count?response_status=404'), 5)
  const failures = await medianMs(() => read(caller, '/api/failures'), 5)
  const plan = await medianMs(async () => {
    const body = { kind: 're_export', filter: { from: '2000-01-01T00:00:00Z' } }
    const response = await call(caller, '/api/operations/plan', body)
    if (!response.ok) throw new Error(await response.text())
  }, 3)
  return [
    ms('detail', detail, pageTargetMs),
    ms('count of all (capped)', count, 300),
    ms('count of a rare filter', rare, 300),
    ms('failure groups', failures, 300),
    ms(`plan for ${bench.deliveries} items`, plan, planTargetMs),
    ...(await measureExport(bench, caller, api)),
    ...(await measureListeners(caller, api)),
  ]
}

async function measureExport(bench: LogBench, caller: Caller, api: RunningProcess): Promise<Line[]> {
  const before = await rssMb(api.pid)
  let peak = 0
  const watching = setInterval(() => void rssMb(api.pid).then((mb) => (peak = Math.max(peak, mb))), 200)
  const start = performance.now()
  const response = await call(caller, '/api/deliveries/export?format=csv')
  let lines = -1
  for await (const chunk of response.body ?? []) for (const byte of chunk) if (byte === 10) lines += 1
  clearInterval(watching)
  const seconds = (performance.now() - start) / 1_000
  return [
    {
      what: 'CSV export of all',
      measured: `${lines} rows in ${seconds.toFixed(0)} s`,
      target: `${bench.deliveries} rows`,
      met: lines === bench.deliveries,
    },
    {
      what: 'memory of the API meanwhile',
      measured: `${Math.round(peak)} MB, ${Math.round(before)} MB before`,
      target: `< ${memoryTargetMb} MB`,
      met: peak < memoryTargetMb,
    },
  ]
}

const listeners = 1_000
const idleSeconds = 20

/** What a crowd that only looks on costs. */
async function measureListeners(caller: Caller, api: RunningProcess): Promise<Line[]> {
  const [before, cpuBefore] = [await rssMb(api.pid), await cpuSeconds(api.pid)]
  const open: Response[] = []
  while (open.length < listeners) {
    const some = await Promise.all(Array.from({ length: 50 }, () => call(caller, '/api/stream')))
    open.push(...some.filter(({ ok }) => ok))
    // A process that lags refuses for a moment.
    if (some.some(({ ok }) => !ok)) await new Promise((resolve) => setTimeout(resolve, 500))
  }
  const cpuOpen = await cpuSeconds(api.pid)
  await new Promise((resolve) => setTimeout(resolve, idleSeconds * 1_000))
  const [after, cpuAfter] = [await rssMb(api.pid), await cpuSeconds(api.pid)]
  await Promise.all(open.map(async (response) => response.body?.cancel()))
  const share = ((cpuAfter - cpuOpen) / idleSeconds) * 100
  return [
    {
      what: `${listeners} idle listeners: memory`,
      measured: `${Math.round(after - before)} MB more`,
      target: '< 64 MB more',
      met: after - before < 64,
    },
    {
      what: `${listeners} idle listeners: processor`,
      measured: `${share.toFixed(1)} % of a core (${(cpuOpen - cpuBefore).toFixed(1)} s to open them)`,
      target: '≤ 5 % of a core',
      met: share <= 5,
    },
  ]
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: fields 14 and 15, in hundredths of a second. */
async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number)
  return ((fields[11] ?? 0) + (fields[12] ?? 0)) / 100
}

/** https://man7.org/linux/man-pages/man5/proc_pid_status.5.html; 0 where there is no /proc. */
async function rssMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1_024
}
