import { openGhostpost, type GhostpostInstallation } from '../contenders/ghostpost.ts'
import { loadFinished } from '../contenders/fill-database.ts'
import { median, medianRatio } from '../figures.ts'
import { costOf, measureDrain, type Drain } from '../measure-drain.ts'
import { figure, type WorkloadReport } from '../report.ts'
import { inTurn, notePeaks, type Run } from '../run.ts'

const fewCount = 1_000
const fullManyCount = 1_000_000
const shortManyCount = 100_000
const fullCount = 10_000
const shortCount = 2_000
const drainMaxMs = 240_000
const million = 1_000_000

/** Measures whether a delivery costs more when the database stores many finished ones. */
export async function stored(run: Run): Promise<WorkloadReport> {
  const sizes = [fewCount, run.short ? shortManyCount : fullManyCount]
  const drains = new Map<number, Drain[]>(sizes.map((size) => [size, []]))
  const installations = new Map<number, GhostpostInstallation>()
  try {
    for (const size of sizes) installations.set(size, await openWith(run, size))
    for (let round = 0; round < run.rounds; round += 1) {
      for (const size of inTurn(sizes, round)) {
        const found = await drainIn(run, installations.get(size))
        drains.get(size)?.push(found)
        run.log(`round ${round + 1}, ${size} stored: ${figure(found.perSecond)} a second`)
      }
    }
  } finally {
    for (const installation of installations.values()) await installation.stop()
  }
  return reportOf(sizes, drains)
}

async function openWith(run: Run, size: number): Promise<GhostpostInstallation> {
  const installation = await openGhostpost(run.bench)
  const startedAt = performance.now()
  await loadFinished(installation.database, size)
  run.log(`${size} finished deliveries loaded in ${figure((performance.now() - startedAt) / 1_000)} s`)
  return installation
}

async function drainIn(run: Run, installation: GhostpostInstallation | undefined): Promise<Drain> {
  if (!installation) throw new Error('There is no such installation.')
  await installation.startWorkers(1)
  const found = await measureDrain(run.bench, installation, run.short ? shortCount : fullCount, drainMaxMs)
  notePeaks(run, { worker: found.workerPeakBytes })
  await installation.stopWorkers()
  return found
}

function reportOf(sizes: readonly number[], drains: ReadonlyMap<number, Drain[]>): WorkloadReport {
  const of = (size: number): Drain[] => drains.get(size) ?? []
  const many = sizes.at(-1) ?? fewCount
  const costRatio = (size: number): number => medianRatio(of(size).map(costOf), of(fewCount).map(costOf))
  return {
    workload: 'stored',
    title: 'Cost of a delivery by the finished deliveries the database remembers',
    columns: [
      'finished deliveries',
      'a second',
      'CPU µs a delivery',
      'of it Postgres',
      'cost, × 1000 stored',
    ],
    rows: sizes.map((size) => [
      String(size),
      figure(median(of(size).map((found) => found.perSecond))),
      figure(median(of(size).map(costOf)) * million),
      figure(median(of(size).map((found) => found.cpu.postgres)) * million),
      figure(costRatio(size)),
    ]),
    targets: [
      {
        text: `cost of a delivery with ${many} stored, beside ${fewCount}`,
        value: costRatio(many),
        bound: 'at most',
        limit: 1.15,
        unit: ' ×',
      },
    ],
    notes: [],
    charts: [
      {
        title: 'Cost of a delivery by finished deliveries stored',
        unit: `× ${fewCount} stored`,
        bars: sizes.map((size) => ({ label: `${size} stored`, value: costRatio(size) })),
      },
    ],
    data: Object.fromEntries(drains),
  }
}
