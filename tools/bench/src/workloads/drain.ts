import { bare } from '../contenders/bare.ts'
import type { Contender } from '../contenders/contender.ts'
import { ghostpost } from '../contenders/ghostpost.ts'
import { plain } from '../contenders/plain.ts'
import { median, medianRatio } from '../figures.ts'
import { measureDrain, type Drain } from '../measure-drain.ts'
import { figure, megabytes, type WorkloadReport } from '../report.ts'
import { inTurn, notePeaks, type Run } from '../run.ts'
import { receiverCeiling } from './receiver-ceiling.ts'

const contenders: readonly Contender[] = [bare, plain, ghostpost]
const fullCount = 20_000
const shortCount = 3_000
const drainMaxMs = 240_000
const million = 1_000_000

type Drains = Record<Contender['name'], Drain[]>

/** Measures how long a full queue takes, beside the ceiling of the stack and a plain program. */
export async function drain(run: Run): Promise<WorkloadReport> {
  const count = run.short ? shortCount : fullCount
  const drains: Drains = { bare: [], plain: [], ghostpost: [] }
  for (let round = 0; round < run.rounds; round += 1) {
    for (const contender of inTurn(contenders, round)) {
      const found = await drainOnce(run, contender, count)
      drains[contender.name].push(found)
      run.log(`round ${round + 1}, ${contender.name}: ${figure(found.perSecond)} a second`)
    }
  }
  const ceiling = await receiverCeiling(run.bench)
  return {
    workload: 'drain',
    title: `Drain of ${count} queued deliveries by one worker`,
    columns: [
      '',
      '× bare',
      '× plain',
      'a second',
      'CPU µs: worker',
      'Postgres',
      'Redis',
      'statements',
      'Redis reads',
      'Redis commands',
      'bytes waiting',
      'worker MB',
    ],
    rows: contenders.map(({ name }) => rowOf(name, drains)),
    targets: targetsOf(drains),
    notes: [
      'Per delivery, medians. A pipelined batch is one Redis read; commands include those of scripts.',
      ceiling,
    ],
    charts: [
      {
        title: `Drain of ${count} deliveries`,
        unit: '× bare',
        bars: contenders.map(({ name }) => ({ label: name, value: ratio(drains, name, 'bare') })),
      },
    ],
    data: drains,
  }
}

async function drainOnce(run: Run, contender: Contender, count: number): Promise<Drain> {
  const installation = await contender.open(run.bench)
  try {
    await installation.startWorkers(1)
    const found = await measureDrain(run.bench, installation, count, drainMaxMs)
    if (contender === ghostpost) notePeaks(run, { worker: found.workerPeakBytes })
    return found
  } finally {
    await installation.stop()
  }
}

function ratio(drains: Drains, name: Contender['name'], base: Contender['name']): number {
  return medianRatio(
    drains[name].map((found) => found.perSecond),
    drains[base].map((found) => found.perSecond),
  )
}

function rowOf(name: Contender['name'], drains: Drains): string[] {
  const all = drains[name]
  const typical = (of: (found: Drain) => number): string => figure(median(all.map(of)))
  return [
    name,
    figure(ratio(drains, name, 'bare')),
    figure(ratio(drains, name, 'plain')),
    typical((found) => found.perSecond),
    typical((found) => found.cpu.workers * million),
    typical((found) => found.cpu.postgres * million),
    typical((found) => found.cpu.redis * million),
    typical((found) => found.statementsPerDelivery),
    typical((found) => found.redisReadsPerDelivery),
    typical((found) => found.redisCommandsPerDelivery),
    typical((found) => found.redisBytesPerWaiting),
    typical((found) => megabytes(found.workerPeakBytes)),
  ]
}

function targetsOf(drains: Drains): WorkloadReport['targets'] {
  const bytes = median(drains.ghostpost.map((found) => found.redisBytesPerWaiting))
  return [
    {
      text: 'drain, beside bare',
      value: ratio(drains, 'ghostpost', 'bare'),
      bound: 'at least',
      limit: 0.6,
      unit: ' ×',
    },
    {
      text: 'drain, beside plain',
      value: ratio(drains, 'ghostpost', 'plain'),
      bound: 'at least',
      limit: 3,
      unit: ' ×',
    },
    {
      text: 'Redis memory of a waiting delivery',
      value: bytes,
      bound: 'at most',
      limit: 600,
      unit: ' bytes',
    },
  ]
}
