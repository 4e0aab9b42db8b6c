import { randomUUIDv7 } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { OperationView, PlanView } from '@ghostpost/delivery/contract/operations'
import { createDestination } from '@ghostpost/infrastructure/database/destinations'
import { openSealer } from '@ghostpost/infrastructure/secrets'
import type { Caller } from '../caller.ts'
import {
  formatEndings,
  exportBody,
  measureCapacity,
  readPeaks,
  startCallTarget,
  type CallTarget,
} from '../calls.ts'
import { loadFinished } from '../contenders/fill-database.ts'
import { openGhostpost, type GhostpostInstallation } from '../contenders/ghostpost.ts'
import { median, percentile } from '../figures.ts'
import { fetchJson, benchKeys } from '../log/bench-api.ts'
import { runOpenLoop, type LoadResult } from '../open-loop.ts'
import { figure, megabytes, type WorkloadReport } from '../report.ts'
import { notePeaks, type Run } from '../run.ts'
import { contentionData, contentionTargets, slowdown, throughput, type Contention } from './contention.ts'

const fullCount = 100_000
const shortCount = 5_000
const wholeMaxMs = 600_000
const pollMs = 250
const unlimitedRate = 10_000
/** Members a second of an operation beside live calls: what it does unless told otherwise, and without restraint. */
const rates = [50, unlimitedRate] as const
/** Of capacity, as in faulty-receiver. */
const liveShare = 0.25
const fullSeconds = 30
const shortSeconds = 10
const fullRoundsMax = 3

interface Alone {
  perSecond: number
  /** Peak of Redis' memory use above its initial use, in bytes. */
  redisBytes: number
}

interface Trial extends Contention {
  rate: number
  /** Members per second that were sent meanwhile. */
  sent: number
}

interface BulkBench {
  run: Run
  installation: GhostpostInstallation
  called: CallTarget
  destinationId: string
  /** Deliveries that the operations resend. */
  to: string
}

/** Measures an operation over 100,000 deliveries, alone and beside live calls. */
export async function bulk(run: Run): Promise<WorkloadReport> {
  const count = run.short ? shortCount : fullCount
  const installation = await openGhostpost(run.bench, { GHOSTPOST_SECRET_KEYS: benchKeys })
  try {
    await loadFinished(installation.database, count)
    const called = await startCallTarget(installation)
    const to = new Date().toISOString()
    const bulkBench = {
      run,
      installation,
      called,
      destinationId: await saveDestination(run, installation),
      to,
    }
    const alone = await runAlone(bulkBench, count)
    run.log(`alone: ${figure(alone.perSecond)} members a second`)
    const trials = await runTrials(bulkBench)
    notePeaks(run, await readPeaks(installation, called))
    return reportOf(count, alone, trials)
  } finally {
    await installation.stop()
  }
}

async function saveDestination({ bench }: Run, { database }: GhostpostInstallation): Promise<string> {
  const id = randomUUIDv7()
  const { rows } = await database.pool.query<{ id: string }>('select id from users limit 1')
  const userId = rows[0]?.id ?? ''
  const secrets = { url: bench.receiver.urls.ok, headers: {}, signingSecrets: [] }
  const destination = { id, siteId: 4, name: 'Bulk', webhookType: 'custom', secrets } as const
  const settings = { retrySchedule: null, concurrency: null, rateLimit: null, createdBy: userId }
  const actor = { userId, requestId: 'bench', ip: '127.0.0.1' }
  await createDestination(database, openSealer(benchKeys), { ...destination, ...settings }, actor)
  return id
}

/** Plans and starts an operation; returns its id. */
async function start({ installation, called, destinationId, to }: BulkBench, rate: number): Promise<string> {
  const caller = { session: installation.session, address: called.address }
  const body = { kind: 're_export', filter: { to }, destination_id: destinationId, rate, canary: false }
  const { operation } = await fetchJson<PlanView>(caller, '/api/operations/plan', body)
  await fetchJson(caller, '/api/operations', { operation_id: operation.operation_id })
  return operation.operation_id
}

async function readOperation({ installation, called }: BulkBench, id: string): Promise<OperationView> {
  return fetchJson({ session: installation.session, address: called.address }, `/api/operations/${id}`)
}

async function runAlone(bulkBench: BulkBench, count: number): Promise<Alone> {
  const before = await redisBytesOf(bulkBench)
  let redisBytes = 0
  const startedAt = performance.now()
  const id = await start(bulkBench, unlimitedRate)
  for (;;) {
    const { state, counts } = await readOperation(bulkBench, id)
    if (state === 'completed') {
      if (counts.delivered !== count) throw new Error(`${counts.delivered} of ${count} are delivered`)
      return { perSecond: (count * 1_000) / (performance.now() - startedAt), redisBytes }
    }
    if (performance.now() - startedAt > wholeMaxMs) throw new Error(`${counts.waiting} are left`)
    redisBytes = Math.max(redisBytes, (await redisBytesOf(bulkBench)) - before)
    await pause(pollMs)
  }
}

async function redisBytesOf({ installation }: BulkBench): Promise<number> {
  return Number(/^used_memory:(\d+)/m.exec(await installation.queue.redis.info('memory'))?.[1])
}

async function runTrials(bulkBench: BulkBench): Promise<Trial[]> {
  const { run, called } = bulkBench
  const caller = called.open()
  const perSecond = (await measureCapacity(run, caller)) * liveShare
  const rounds = run.short ? 1 : Math.min(run.rounds, fullRoundsMax)
  const trials: Trial[] = []
  for (let round = 0; round < rounds; round += 1) {
    for (const rate of rates) {
      const trial = await runTrial(bulkBench, caller, perSecond, rate)
      trials.push(trial)
      run.log(
        `round ${round + 1}, beside ${figure(trial.sent)} a second: p95 ${figure(slowdown(trial))} × alone`,
      )
    }
  }
  await caller.close()
  return trials
}

async function runTrial(
  bulkBench: BulkBench,
  caller: Caller,
  perSecond: number,
  rate: number,
): Promise<Trial> {
  const { receiver } = bulkBench.run.bench
  const seconds = bulkBench.run.short ? shortSeconds : fullSeconds
  const body = exportBody(receiver.urls.ok)
  const load = (): Promise<LoadResult> => runOpenLoop({ perSecond, seconds, call: () => caller.post(body) })
  const alone = await load()
  const id = await start(bulkBench, rate)
  const before = (await readOperation(bulkBench, id)).counts.delivered
  const beside = await load()
  const sent = ((await readOperation(bulkBench, id)).counts.delivered - before) / seconds
  await end(bulkBench, id)
  return { rate, alone, beside, sent }
}

async function end(bulkBench: BulkBench, id: string): Promise<void> {
  const { installation, called } = bulkBench
  const response = await fetch(new URL(`/api/operations/${id}/cancel`, called.address), {
    method: 'POST',
    headers: { cookie: `session=${installation.session}` },
  })
  await response.arrayBuffer()
  const deadline = performance.now() + wholeMaxMs
  while ((await readOperation(bulkBench, id)).finished_at === null) {
    if (performance.now() > deadline) throw new Error('the operation does not end')
    await pause(pollMs)
  }
}

function typical(rate: number, trials: readonly Trial[], of: (trial: Trial) => number): number {
  return median(trials.filter((trial) => trial.rate === rate).map(of))
}

const nameOf = (rate: number): string =>
  rate === unlimitedRate ? 'an operation without restraint' : 'an operation at its usual rate'

function reportOf(count: number, alone: Alone, trials: readonly Trial[]): WorkloadReport {
  return {
    workload: 'bulk',
    title: `An operation of ${count}: ${figure(alone.perSecond)} members a second alone`,
    columns: [
      'live calls beside',
      'members a second',
      'answered, × alone',
      'p95, × alone',
      'p95 alone ms',
      'p95 beside ms',
      'answers beside',
    ],
    rows: rates.map((rate) => rowOf(rate, trials)),
    targets: rates.flatMap((rate) =>
      contentionTargets(`live calls beside ${nameOf(rate)}`, (of) => typical(rate, trials, of)),
    ),
    notes: [
      `Alone it took at most ${figure(megabytes(alone.redisBytes))} MB of Redis, ` +
        'from its plan to its last delivery at the one worker. Live calls came at a quarter of capacity.',
    ],
    charts: [
      {
        title: 'p95 of live calls beside an operation',
        unit: '× alone',
        bars: rates.map((rate) => ({ label: nameOf(rate), value: typical(rate, trials, slowdown) })),
      },
    ],
    data: {
      alone,
      trials: trials.map((trial) => ({ rate: trial.rate, sent: trial.sent, ...contentionData(trial) })),
    },
  }
}

function rowOf(rate: number, trials: readonly Trial[]): string[] {
  return [
    nameOf(rate),
    ...[
      (trial: Trial) => trial.sent,
      throughput,
      slowdown,
      (trial: Trial) => percentile(trial.alone.latenciesMs, 95),
      (trial: Trial) => percentile(trial.beside.latenciesMs, 95),
    ].map((of) => figure(typical(rate, trials, of))),
    formatEndings(trials.filter((trial) => trial.rate === rate).map(({ beside }) => beside.endings)),
  ]
}
