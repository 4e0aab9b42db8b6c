import { randomUUIDv7 } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { OperationView, PlanView } from '@ghostpost/delivery/contract/operations'
import type { Database } from '@ghostpost/infrastructure/database/connection'
import { createDestination } from '@ghostpost/infrastructure/database/destinations'
import { openSealer } from '@ghostpost/infrastructure/secrets'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { Redis } from 'ioredis'
import { entryOf, type RunningProcess } from '@ghostpost/test-kit/processes/start-process'
import type { BenchReceiver } from '../bench-receiver.ts'
import { memoryOf } from '../process-usage.ts'
import { startProgram } from '../programs.ts'
import { fetchJson, benchKeys, medianMs, type Caller } from './bench-api.ts'
import { durationLine, type ResultLine } from './result-line.ts'

/** An operation over the whole log: that it is fed in bounded steps, at its beginning and near its end. */
export interface OperationBench {
  database: Database
  caller: Caller
  receiver: BenchReceiver
  redisUrl: string
  environment: Readonly<Record<string, string>>
  userId: string
}

const watchSeconds = 30
const jobsMax = 12_000
const redisMaxMb = 64
const workerMaxMb = 256

export async function measureOperation(bench: OperationBench): Promise<ResultLine[]> {
  const worker = await startProgram(entryOf('worker'), bench.environment)
  const redis = new Redis(bench.redisUrl)
  try {
    const watch = (what: string): Promise<Usage> => measureUsage(bench, worker, redis, what)
    const large = await planOperation(bench, 'ok')
    await fastForward(bench, large, 0)
    const first = await watch('at its beginning')
    await changeOperation(bench, large, 'pause', { reason: 'to look at its end' })
    await fastForward(bench, large, Math.floor(large.matched * 0.9))
    await changeOperation(bench, large, 'resume')
    const last = await watch('with a ledger of nearly all of it')
    const view = await medianMs(15, () => fetchJson(bench.caller, `/api/operations/${large.id}`))
    const ended = await cancelAndCheckLedger(bench, large)
    const refused = await planOperation(bench, 'throttle')
    await start(bench, refused)
    const throttled = await watch('to a receiver that answers 429')
    await cancelAndCheckLedger(bench, refused)
    return [
      ...[first, last, throttled].flatMap((one) => linesOf(large.matched, one)),
      durationLine('one operation, while it runs', view, 50),
      ended,
    ]
  } finally {
    redis.disconnect()
    await worker.stop()
  }
}

interface PlannedOperation {
  id: string
  matched: number
}

async function planOperation(
  { database, caller, receiver, userId }: OperationBench,
  kind: 'ok' | 'throttle',
): Promise<PlannedOperation> {
  const id = randomUUIDv7()
  const secrets = { url: receiver.urls[kind], headers: {}, signingSecrets: [] }
  const destination = { id, siteId: 4, name: `Receiver ${kind}`, webhookType: 'custom', secrets } as const
  const settings = { retrySchedule: null, concurrency: null, rateLimit: null, createdBy: userId }
  const actor = { userId, requestId: 'bench', ip: '127.0.0.1' }
  await createDestination(database, openSealer(benchKeys), { ...destination, ...settings }, actor)
  const body = {
    kind: 're_export',
    filter: { to: new Date().toISOString() },
    destination_id: id,
    rate: 10_000,
    canary: false,
  }
  const { operation, matched } = await fetchJson<PlanView>(caller, '/api/operations/plan', body)
  return { id: operation.operation_id, matched }
}

async function start({ caller }: OperationBench, { id }: PlannedOperation): Promise<void> {
  await fetchJson(caller, '/api/operations', { operation_id: id })
}

async function changeOperation(
  { caller }: OperationBench,
  { id }: PlannedOperation,
  what: string,
  body: object = {},
): Promise<void> {
  const headers = { cookie: `session=${caller.session}`, 'content-type': 'application/json' }
  const hasBody = what === 'pause'
  const response = await fetch(new URL(`/api/operations/${id}/${what}`, caller.address), {
    method: 'POST',
    ...(hasBody ? { headers, body: JSON.stringify(body) } : { headers: { cookie: headers.cookie } }),
  })
  if (!response.ok) throw new Error(`${what}: ${response.status} ${await response.text()}`)
}

/** Starts it, or sets it to a state in which `fed` members were delivered. */
async function fastForward(bench: OperationBench, operation: PlannedOperation, to: number): Promise<void> {
  if (to === 0) return start(bench, operation)
  const { pool } = bench.database
  await waitUntil('what is begun has settled', async () => {
    const { counts } = await fetchJson<OperationView>(bench.caller, `/api/operations/${operation.id}`)
    return counts.waiting === 0
  }).catch(() => {})
  const step = 100_000
  const { rows } = await pool.query<{ fed: number }>('select fed from operations where id = $1', [
    operation.id,
  ])
  for (let from = (rows[0]?.fed ?? 0) + 1; from <= to; from += step) {
    await pool.query(
      `insert into operation_items (operation_id, number, ghost_vid, outcome)
       select $1, n, 'gv_load_0', 'delivered' from generate_series($2::int, $3::int) n`,
      [operation.id, from, Math.min(from + step - 1, to)],
    )
  }
  await pool.query(
    `update operations
     set fed = $2::int,
       cursor = (select id::text from deliveries where site_id = 4 order by id offset $2::int limit 1)
     where id = $1`,
    [operation.id, to],
  )
  await pool.query('vacuum analyze operation_items')
}

interface Usage {
  what: string
  settled: number
  jobs: number
  redisMb: number
  workerMb: number
}

/** Maxima while it runs. */
async function measureUsage(
  { receiver }: OperationBench,
  worker: RunningProcess,
  redis: Redis,
  what: string,
): Promise<Usage> {
  const peak = { jobs: 0, redisMb: 0, workerMb: 0 }
  const sentBefore = await countRequests(receiver)
  for (let second = 0; second < watchSeconds; second += 0.5) {
    await pause(500)
    const used = Number(/^used_memory:(\d+)/m.exec(await redis.info('memory'))?.[1] ?? 0)
    peak.jobs = Math.max(peak.jobs, await redis.dbsize())
    peak.redisMb = Math.max(peak.redisMb, used / 1_048_576)
    peak.workerMb = Math.max(peak.workerMb, (await memoryOf(worker.pid)) / 1_048_576)
  }
  return { what, ...peak, settled: (await countRequests(receiver)) - sentBefore }
}

async function countRequests(receiver: BenchReceiver): Promise<number> {
  const { ok, throttle } = await receiver.counts()
  return ok + throttle
}

function linesOf(matched: number, { what, settled, jobs, redisMb, workerMb }: Usage): ResultLine[] {
  const name = `operation over ${matched}, ${what}`
  return [
    {
      what: `${name}: keys in Redis (${settled} requests in ${watchSeconds} s)`,
      measured: `${jobs} at most`,
      target: `≤ ${jobsMax}`,
      met: jobs <= jobsMax,
    },
    {
      what: `${name}: memory of Redis`,
      measured: `${redisMb.toFixed(0)} MB at most`,
      target: `≤ ${redisMaxMb} MB`,
      met: redisMb <= redisMaxMb,
    },
    {
      what: `${name}: memory of the worker`,
      measured: `${workerMb.toFixed(0)} MB at most`,
      target: `< ${workerMaxMb} MB`,
      met: workerMb < workerMaxMb,
    },
  ]
}

/** Cancels it unless it has finished, and checks the sums of its ledger. */
async function cancelAndCheckLedger(bench: OperationBench, operation: PlannedOperation): Promise<ResultLine> {
  const before = await fetchJson<OperationView>(bench.caller, `/api/operations/${operation.id}`)
  if (before.state !== 'completed') await changeOperation(bench, operation, 'cancel')
  const view = await waitUntil(
    'the operation has ended',
    async () => {
      const now = await fetchJson<OperationView>(bench.caller, `/api/operations/${operation.id}`)
      return now.state !== 'running' && now.finished_at !== null && now
    },
    120_000,
  )
  const { delivered, failed, skipped, cancelled, waiting } = view.counts
  const { rows } = await bench.database.pool.query<{ fed: number }>(
    'select fed from operations where id = $1',
    [operation.id],
  )
  const sum = delivered + failed + skipped + cancelled
  return {
    what: `its ledger, ${view.state}`,
    measured: `${delivered} delivered, ${failed} failed, ${skipped} skipped, ${cancelled} cancelled`,
    target: `adds up to the ${rows[0]?.fed ?? 0} begun`,
    met: waiting === 0 && sum === rows[0]?.fed,
  }
}
