import { ghostpost } from '../contenders/ghostpost.ts'
import { median, medianRatio } from '../figures.ts'
import { costOf, measureDrain, type Drain } from '../measure-drain.ts'
import { figure, type WorkloadReport } from '../report.ts'
import { inTurn, notePeaks, type Run } from '../run.ts'

const workerCounts = [1, 2, 4] as const
const fullCount = 20_000
const shortCount = 3_000
const drainMaxMs = 240_000
const million = 1_000_000

type Workers = (typeof workerCounts)[number]

/** Measures the gain of more workers and the cost of a delivery among many. */
export async function workers(run: Run): Promise<WorkloadReport> {
  const count = run.short ? shortCount : fullCount
  const drains: Record<Workers, Drain[]> = { 1: [], 2: [], 4: [] }
  for (let round = 0; round < run.rounds; round += 1) {
    for (const number of inTurn(workerCounts, round)) {
      const found = await drainWith(run, number, count)
      drains[number].push(found)
      run.log(`round ${round + 1}, workers: ${number}: ${figure(found.perSecond)} a second`)
    }
  }
  const rate = (number: Workers): number =>
    medianRatio(
      drains[number].map((d) => d.perSecond),
      drains[1].map((d) => d.perSecond),
    )
  const perCore = (number: Workers): number =>
    1 / medianRatio(drains[number].map(costOf), drains[1].map(costOf))
  const maxDeviation = Math.max(...workerCounts.map((number) => Math.abs(perCore(number) - 1)))
  return {
    workload: 'workers',
    title: `Drain of ${count} queued deliveries by 1, 2 and 4 workers`,
    columns: ['workers', 'a second', '× one worker', 'CPU µs a delivery', 'a core second, × one worker'],
    rows: workerCounts.map((number) => [
      String(number),
      figure(median(drains[number].map((found) => found.perSecond))),
      figure(rate(number)),
      figure(median(drains[number].map(costOf)) * million),
      figure(perCore(number)),
    ]),
    targets: [
      {
        text: 'deliveries a core second with 1 to 4 workers, furthest from one worker’s',
        value: maxDeviation * 100,
        bound: 'at most',
        limit: 10,
        unit: ' %',
      },
    ],
    notes: ['Processor time of workers, Postgres and Redis together.'],
    charts: [
      {
        title: 'More workers on this machine',
        unit: '× one worker',
        bars: workerCounts.map((number) => ({ label: `workers: ${number}`, value: rate(number) })),
      },
    ],
    data: drains,
  }
}

async function drainWith(run: Run, number: Workers, count: number): Promise<Drain> {
  const installation = await ghostpost.open(run.bench)
  try {
    await installation.startWorkers(number)
    const found = await measureDrain(run.bench, installation, count, drainMaxMs)
    notePeaks(run, { worker: found.workerPeakBytes })
    return found
  } finally {
    await installation.stop()
  }
}
