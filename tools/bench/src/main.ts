import { writeFile } from 'node:fs/promises'
import { cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { useBundles } from '@ghostpost/release/programs'
import { startBenchReceiver } from './bench-receiver.ts'
import { plot } from './plot.ts'
import { isMet, reportText, type WorkloadReport } from './report.ts'
import { endPrograms } from './programs.ts'
import { runLogBench } from './run-log-bench.ts'
import { runWorkloads, workloads } from './run-workloads.ts'
import { startStores } from './stores.ts'

/**
 * `npm run bench` measures Ghostpost on this machine, beside the ceiling of its stack and a plain program. `--short`
 * takes minutes. `--only drain` (or several, with commas) runs some workloads, `--rounds N` repeats each measurement,
 * `--profile folder` writes CPU profiles of APIs and workers. It writes bench-results.json and, after a full run,
 * docs/performance.svg. A full run ends with the benchmark of the delivery log (`npm run bench:log`).
 */
const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    only: { type: 'string' },
    rounds: { type: 'string' },
    profile: { type: 'string' },
  },
})
const rounds = Number(values.rounds ?? (values.short ? 3 : 5))
const names = values.only?.split(',') ?? Object.keys(workloads)
/** A last time limit: every part has its own. */
const wholeMaxMs = (values.short ? 30 : 150) * 60_000
const logDeliveries = values.short ? 100_000 : 1_000_000
const repository = fileURLToPath(new URL('../../..', import.meta.url))
const log = (line: string): void => console.log(`  ${line}`)

// What the image starts is measured, except where a preload changes a module.
await useBundles()
const stores = await startStores()
let isOver = false
const ending = new AbortController()
const end = async (code: number): Promise<never> => {
  isOver = true
  ending.abort()
  await endPrograms()
  await stores.stop()
  process.exit(code)
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end(130))
setTimeout(() => void end(1), wholeMaxMs).unref()

const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'processor'}, Node ${process.version}`
log(`${machine}, load ${loadavg()[0]?.toFixed(1)} at the start, ${rounds} rounds`)
const receiver = await startBenchReceiver()
const bench = { stores, receiver, profileFolder: values.profile ?? null }
const run = { bench, rounds, short: values.short, peaks: { worker: 0, api: 0 }, log }
const reports = await runWorkloads(run, names)

// A run that was ended early prints nothing and keeps the results of an earlier run.
if (!isOver) await writeReports(reports)
if (!isOver && values.only === undefined) {
  log('delivery log …')
  process.exitCode = (await runLogBench(logDeliveries, ending.signal)) || process.exitCode
}
if (!isOver) await end(Number(process.exitCode ?? 0))

function summarise(all: readonly WorkloadReport[]): string {
  const targets = all.flatMap((report) => report.targets)
  const met = targets.filter(isMet).length
  return `bench: ${met} of ${targets.length} targets met`
}

async function writeReports(reports: readonly WorkloadReport[]): Promise<void> {
  console.log(`\n${reportText(reports)}\n`)
  await writeFile(
    `${repository}/bench-results.json`,
    JSON.stringify({ machine, rounds, short: values.short, reports }, null, 2),
  )
  if (!values.short && values.only === undefined) {
    await writeFile(`${repository}/docs/performance.svg`, plot(reports.flatMap((report) => report.charts)))
  }
  log(summarise(reports))
}
