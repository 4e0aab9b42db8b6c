import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { runChaos, type ChaosResult, type FaultResult } from './run-chaos.ts'
import { terminateBackends } from './terminate-backends.ts'

/**
 * `npm run chaos` runs the fault suite. `--short` takes about two minutes; CI runs it. `--seconds 1800 --rate 60` is
 * the long form. `--seed N` repeats the choices of a run; `--only text` injects only the faults whose name contains the
 * text. Both together repeat a broken round. `--terminate 500` ends the connections of a stalled process that many
 * times, and does nothing else. docs/reliability.md explains the columns.
 */
const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    seconds: { type: 'string' },
    rate: { type: 'string' },
    seed: { type: 'string' },
    only: { type: 'string', default: '' },
    terminate: { type: 'string' },
  },
})
if (values.terminate !== undefined) {
  const survived = await terminateBackends(Number(values.terminate), console.log)
  process.exit(survived ? 0 : 1)
}
const seed = Number(values.seed ?? Date.now() % 1_000_000)
const seconds = Number(values.seconds ?? (values.short ? 0 : 1_800))
const perSecond = Number(values.rate ?? (values.short ? 40 : 60))

console.log(`chaos: seed ${seed}, ${perSecond} exports per second`)
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
  const head = [
    'fault | rounds | accepted | delivered | failed | lost',
    'duplicates, marked | duplicates, silent | calls not served | recovery',
  ].join(' | ')
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
  const counts = Object.entries(answers).map(([status, count]) => `${status}: ${count}`)
  return [
    ...lines.map((line) => `| ${line} |`),
    '',
    [
      `Responses: ${counts.join(', ')}.`,
      `Keys that made two deliveries: ${doubledKeys}.`,
      `Marked duplicates: ${formatDuplicateRate(total)}.`,
      `It took ${Math.round(elapsed)} s.`,
    ].join(' '),
  ].join('\n')
}

function formatRow(one: FaultResult): string {
  const counts = [one.rounds, one.accepted, one.delivered, one.failed, one.lost]
  const duplicates = [one.markedDuplicates, one.silentDuplicates]
  return [one.fault, ...counts, ...duplicates, one.unserved, `${(one.recoveryMs / 1_000).toFixed(1)} s`].join(
    ' | ',
  )
}

/** Share of deliveries that arrived twice because the outcome of one attempt was unknown. */
function formatDuplicateRate({ markedDuplicates, delivered }: FaultResult): string {
  const share = delivered === 0 ? 0 : (markedDuplicates / delivered) * 100
  return `${markedDuplicates} of ${delivered} deliveries (${share.toFixed(3)} %)`
}
