import { parseArgs } from 'node:util'
import { startBenchReceiver } from './bench-receiver.ts'
import { runWorkloads } from './run-workloads.ts'
import { startStores } from './stores.ts'

/**
 * `npm run bench`: what Ghostpost does on this machine beside the ceiling of its stack and a plain program. `--short`
 * takes some minutes, `--only drain` runs one workload, `--rounds N` repeats each, `--profile folder` keeps the workers'
 * processor profiles.
 */
const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    rounds: { type: 'string' },
    profile: { type: 'string' },
  },
})
const rounds = Number(values.rounds ?? (values.short ? 3 : 5))
const say = (line: string): void => console.log(`  ${line}`)

const stores = await startStores()
const receiver = await startBenchReceiver()
try {
  const bench = { stores, receiver, profileFolder: values.profile ?? null }
  await runWorkloads({ bench, rounds, short: values.short, only: values.only, say })
} finally {
  await receiver.stop()
  await stores.stop()
}
process.exit(0)
