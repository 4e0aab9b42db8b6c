import { parseArgs } from 'node:util'
import { figure, table } from '../report.ts'
import { startStores } from '../stores.ts'
import { layouts } from './layouts.ts'
import { measureLayout } from './measure-layout.ts'

/**
 * `npm run bench:partitions`: what a delivery costs Postgres when what is kept of it lies in partitions by time, beside
 * the tables as they are. `--loaded N` and `--measured N` for other numbers. See docs/decisions/0018-scale.md.
 */
const { values } = parseArgs({
  options: {
    loaded: { type: 'string', default: '300000' },
    measured: { type: 'string', default: '8000' },
  },
})
const stores = await startStores()
try {
  const run = {
    postgresPid: stores.postgresPid,
    loaded: Number(values.loaded),
    measured: Number(values.measured),
  }
  const rows: string[][] = []
  for (const layout of layouts) {
    const { claim, record, read, prune } = await measureLayout(layout, run)
    rows.push([layout.name, ...[claim, record, read, prune].map(figure)])
    console.log(`  ${layout.name}: done`)
  }
  console.log(`\n${values.loaded} deliveries over 90 days. Postgres' processor time for one, in µs:\n`)
  console.log(table(['layout', 'claim', 'record', 'read attempts', 'prune and vacuum'], rows))
} finally {
  await stores.stop()
}
