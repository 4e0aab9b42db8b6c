import { parseArgs } from 'node:util'
import { signalStartedProcesses } from '@ghostpost/local-services'
import { catchMutation } from './catch-mutation.ts'
import { mutations } from './mutations.ts'
import { openModelDatabase } from './open-model-database.ts'
import { runModel, type Counterexample } from './run-model.ts'
import { createFixture } from './system/fixture.ts'

/**
 * `npm run model` runs 10,000 random histories of the delivery statements against a model, on a real Postgres, and then
 * each planted fault. `--histories N` and `--seed N` choose others, `--only faults` or `--only histories` one part.
 */
const { values } = parseArgs({
  options: {
    histories: { type: 'string', default: '10000' },
    seed: { type: 'string' },
    only: { type: 'string', default: '' },
  },
})
const seed = Number(values.seed ?? Date.now() % 1_000_000)
const histories = Number(values.histories)
process.once('exit', signalStartedProcesses)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
process.once('disconnect', () => process.exit(1))

console.log(`model: seed ${seed}`)
const { database, close } = await openModelDatabase()
const fixture = await createFixture(database)
const startedAt = performance.now()
const seconds = (): string => `${((performance.now() - startedAt) / 1_000).toFixed(0)} s`
let failed = false
const progressEvery = 250

if (values.only !== 'faults') {
  const onHistory = (count: number): void => {
    if (count % progressEvery === 0) console.log(`  history ${count}, ${seconds()}`)
  }
  const options = { histories, seed, shrink: true, onHistory }
  const found = await runModel(database, database, fixture, options)
  failed ||= found !== null
  console.log(
    found ? formatCounterexample(found) : `model: ${histories} histories agree with the model, ${seconds()}`,
  )
}
if (values.only !== 'histories') {
  for (const mutation of mutations) {
    const { found, changedStatements } = await catchMutation(database, fixture, seed, mutation)
    failed ||= found === null
    const missed = changedStatements === 0 ? 'CHANGES NO STATEMENT' : 'NOT FOUND'
    const verdict = found ? `found in history ${found.histories}: ${found.problem}` : missed
    console.log(`  ${mutation.name}: ${verdict}`)
  }
  console.log(`model: planted faults, ${seconds()}`)
}
await close()
process.exit(failed ? 1 : 0)

function formatCounterexample({ seed, histories, problem, steps }: Counterexample): string {
  const lines = [`model: FAILED in history ${histories} of seed ${seed}: ${problem}`, ...steps]
  return lines.join('\n    ')
}
