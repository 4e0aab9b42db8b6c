import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { runChaos, type ChaosResult, type FaultResult } from './run-chaos.ts'

/**
 * `npm run chaos`: the fault suite. `--short` takes about two minutes, as CI runs it; `--seconds 1800 --rate 60` is the
 * long form. `--seed N` repeats a run's choices, `--only text` injects only faults of that name: with the seed of a round
 * that broke, what broke it. docs/reliability.md says what the columns are.
 */
const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    seconds: { type: 'string' },
    rate: { type: 'string' },
    seed: { type: 'string' },
    only: { type: 'string', default: '' },
  },
})
const seed = Number(values.seed ?? Date.now() % 1_000_000)
const seconds = Number(values.seconds ?? (values.short ? 0 : 1_800))
const perSecond = Number(values.rate ?? (values.short ? 40 : 60))

console.log(`chaos: seed ${seed}, ${perSecond} exports a second`)
const result = await runChaos({
  seed,
  seconds,
  perSecond,
  only: values.only,
  log: (line) => console.log(`  ${line}`),
})
console.log(`\n${formatTable(result)}\n`)
const report = fileURLToPath(new URL('../../../.data/chaos.json', import.meta.url))
await writeFile(report, JSON.stringify({ seed, perSecond, ...result }, null, 2))

const broken = result.results.filter((one) => one.broken).length
const failed = broken + (result.doubledKeys > 0 ? 1 : 0)
console.log(`chaos: ${result.results.length - broken} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)

function formatTable({ results, doubledKeys, answers, seconds: elapsed }: ChaosResult): string {
  const sum = (of: (one: FaultResult) => number): number => results.reduce((total, one) => total + of(one), 0)
  const head =
    'fault | rounds | accepted | delivered | failed | lost | duplicates, marked | duplicates, silent | calls not served | recovery'
  const total: FaultResult = {
    fault: '**all**',
    rounds: sum((one) => one.rounds),
    accepted: sum((one) => one.accepted),
    delivered: sum((one) => one.delivered),
    failed: sum((one) => one.failed),
    lost: sum((one) => one.lost),
    markedDuplicates: sum((one) => one.markedDuplicates),
    silentDuplicates: sum((one) => one.silentDuplicates),
    unserved: sum((one) => one.unserved),
    recoveryMs: Math.max(...results.map((one) => one.recoveryMs)),
    complaints: [],
    broken: false,
  }
  const lines = [head, head.replaceAll(/[^|]+/g, ' --- '), ...results.map(formatRow), formatRow(total)]
  const answered = Object.entries(answers).map(([status, count]) => `${status}: ${count}`)
  return [
    ...lines.map((line) => `| ${line} |`),
    '',
    `Answers: ${answered.join(', ')}. Keys that made two deliveries: ${doubledKeys}. Marked duplicates: ${formatDuplicateRate(total)}. It took ${Math.round(elapsed)} s.`,
  ].join('\n')
}

function formatRow(one: FaultResult): string {
  const counts = [one.rounds, one.accepted, one.delivered, one.failed, one.lost]
  const duplicates = [one.markedDuplicates, one.silentDuplicates]
  return [one.fault, ...counts, ...duplicates, one.unserved, `${(one.recoveryMs / 1_000).toFixed(1)} s`].join(
    ' | ',
  )
}

/** The share of deliveries that came twice, which one attempt of unknown outcome explains. */
function formatDuplicateRate({ markedDuplicates, delivered }: FaultResult): string {
  const share = delivered === 0 ? 0 : (markedDuplicates / delivered) * 100
  return `${markedDuplicates} of ${delivered} deliveries (${share.toFixed(3)} %)`
}
