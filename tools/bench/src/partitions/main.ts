import { parseArgs } from 'node:util'
import { median, medianRatio } from '../figures.ts'
import { figure, table } from '../report.ts'
import { inTurn } from '../run.ts'
import { startStores } from '../stores.ts'
import { layouts } from './layouts.ts'
import { openLayout, type LaidOutDatabase, type StepCost } from './measure-layout.ts'

/**
 * `npm run bench:partitions`: what a delivery costs Postgres when what is kept of it lies in partitions by time, beside
 * the tables as they are. `--loaded N`, `--measured N` and `--rounds N` for other numbers. See docs/decisions/0018-scale.md.
 */
const { values } = parseArgs({
  options: {
    loaded: { type: 'string', default: '300000' },
    measured: { type: 'string', default: '4000' },
    rounds: { type: 'string', default: '7' },
  },
})
const steps = ['claim', 'record', 'read'] as const
const stores = await startStores()
const opened: LaidOutDatabase[] = []
try {
  const run = {
    postgresPid: stores.postgresPid,
    loaded: Number(values.loaded),
    measured: Number(values.measured),
  }
  for (const layout of layouts) {
    opened.push(await openLayout(layout, run))
    console.log(`  ${layout.name}: loaded`)
  }
  const costs = new Map<LaidOutDatabase, StepCost[]>(opened.map((one) => [one, []]))
  for (let round = 0; round < Number(values.rounds); round += 1)
    for (const one of inTurn(opened, round)) costs.get(one)?.push(await one.measure())
  const rows: string[][] = []
  for (const one of opened) rows.push([...rowOf(one, costs), figure(await one.prune())])
  console.log(
    `\n${values.loaded} deliveries over 90 days. Postgres' processor time for one, in µs, × as it is:\n`,
  )
  console.log(table(['layout', ...steps, 'remove'], rows))
} finally {
  for (const one of opened) await one.close()
  await stores.stop()
}

function rowOf(one: LaidOutDatabase, costs: ReadonlyMap<LaidOutDatabase, readonly StepCost[]>): string[] {
  const of = (layout: LaidOutDatabase | undefined, step: keyof StepCost): number[] =>
    (layout && costs.get(layout))?.map((cost) => cost[step]) ?? []
  return [
    one.layout.name,
    ...steps.map((step) => {
      const ratio = medianRatio(of(one, step), of(opened[0], step))
      return `${figure(median(of(one, step)))} (${figure(ratio)} ×)`
    }),
  ]
}
