import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { signalStartedProcesses } from '@ghostpost/local-services'
import { writeHistory } from './history/write-history.ts'
import { formatTable, formatViolations, sumOf } from './results.ts'
import { runChaos, type ChaosResult } from './run-chaos.ts'
import { terminateBackends } from './terminate-backends.ts'
import { startReaper } from './world/start-reaper.ts'
import { createRunFolder } from './world/world.ts'

/**
 * `npm run chaos` runs the fault suite. `--short` takes about three minutes; CI runs it. `--seconds 1800 --rate 90` is
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
const perSecond = Number(values.rate ?? (values.short ? 40 : 90))
const dataFile = (name: string): string => fileURLToPath(new URL(`../../../.data/${name}`, import.meta.url))

const folder = await createRunFolder()
startReaper(folder)
process.once('exit', signalStartedProcesses)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1))
// The program that started this one has ended.
process.once('disconnect', () => process.exit(1))

console.log(`chaos: seed ${seed}, ${perSecond} exports per second`)
const log = (line: string): void => console.log(`  ${line}`)
const result = await runChaos({ seed, seconds, perSecond, only: values.only, folder, log })
console.log(`\n${formatTable(result.results)}\n\n${formatSummary(result)}\n`)
const { history, ...summary } = result
await writeHistory(dataFile('chaos-history.jsonl.gz'), history)
await writeFile(dataFile('chaos.json'), JSON.stringify({ seed, perSecond, ...summary }, null, 2))

const vacuous = values.only === '' ? vacuousBecause(result) : []
const broken = result.results.filter((one) => one.broken).length
for (const reason of vacuous) console.log(`chaos: the run proves nothing: ${reason}`)
console.log(`chaos: ${result.results.length - broken} passed, ${broken} failed`)
const hasFailed = broken > 0 || vacuous.length > 0 || result.report.violations.length > 0
process.exit(hasFailed ? 1 : 0)

/** A run that did not reach what it is about has passed for no reason. */
function vacuousBecause({ report, lostJobs, history }: ChaosResult): string[] {
  return [
    ...(report.takeovers === 0 ? ['no worker took an attempt over from a dead one'] : []),
    ...(lostJobs === 0 ? ['the queue lost no job'] : []),
    ...(report.chats === 0 ? ['there was no chat'] : []),
    ...(history.ledgers.length === 0 ? ['there was no operation'] : []),
  ]
}

function formatSummary({
  results,
  report,
  responses,
  lostJobs,
  history,
  seconds: elapsed,
}: ChaosResult): string {
  const counts = Object.entries(responses).map(([status, count]) => `${status}: ${count}`)
  const { markedDuplicates, delivered } = sumOf('all', results)
  const share = delivered === 0 ? 0 : (markedDuplicates / delivered) * 100
  const unknownOutcomes = history.attempts.filter(({ outcomeUnknown }) => outcomeUnknown).length
  return [
    `Responses: ${counts.join(', ')}.`,
    `Jobs lost by the queue: ${lostJobs}. Takeovers: ${report.takeovers}. Unknown outcomes: ${unknownOutcomes}.`,
    `Marked duplicates: ${markedDuplicates} of ${delivered} deliveries (${share.toFixed(3)} %).`,
    `Operations: ${history.ledgers.length}. Resends: ${history.resends.length}.`,
    `Violations in the whole history: ${report.violations.length}. It took ${Math.round(elapsed)} s.`,
    ...formatViolations(report.violations),
  ].join('\n')
}
