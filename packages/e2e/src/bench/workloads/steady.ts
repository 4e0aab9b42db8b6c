import { openCaller, type Caller } from '../caller.ts'
import { openGhostpost, type GhostpostInstallation } from '../contenders/ghostpost.ts'
import { median, percentile } from '../figures.ts'
import { runClosedLoop, runOpenLoop, type LoadResult } from '../open-loop.ts'
import { cpuSecondsOf, peakMemoryOf } from '../process-usage.ts'
import { figure, type WorkloadReport } from '../report.ts'
import { notePeaks, type Run } from '../run-workloads.ts'

const shares = [0.5, 0.9] as const
const percents = [50, 95, 99] as const
const capacityCallers = 48
const fullSeconds = 20
const shortSeconds = 8
const receivedBody = JSON.stringify({ note: 'x'.repeat(1_500) })

interface Step {
  share: number
  perSecond: number
  direct: LoadResult
  through: LoadResult
}

/** What a synchronous call takes longer than the POST it stands for, at a steady rate. */
export async function steady(run: Run): Promise<WorkloadReport> {
  const installation = await openGhostpost(run.bench)
  try {
    await installation.startWorkers(1)
    const api = await installation.startApi()
    const direct = openCaller(run.bench.receiver.urls.ok)
    const through = openCaller(`${api.address}/api/webhook`, { cookie: `session=${installation.session}` })
    const capacity = await measureCapacity(run, through)
    run.say(`capacity: ${figure(capacity)} calls a second`)
    const cpuBefore = await cpuOf(installation, api.process.pid)
    const steps = await measureSteps(run, capacity, direct, through)
    const cpu = (await cpuOf(installation, api.process.pid)) - cpuBefore
    notePeaks(run, await peaksOf(installation, api.process.pid))
    await Promise.all([direct.close(), through.close()])
    return reportOf(run, capacity, steps, cpu)
  } finally {
    await installation.stop()
  }
}

/** A call of the API for the documented visitor. */
export function exportBody(webhookUrl: string): string {
  return JSON.stringify({ ghost_vid: 'gv_a1b2c3d4_e5f6g7h8', webhook_url: webhookUrl })
}

/** How many calls a second are answered 200 when callers ask again at once; the first run only warms up. */
export async function measureCapacity(run: Run, through: Caller): Promise<number> {
  const body = exportBody(run.bench.receiver.urls.ok)
  const seconds = run.short ? 4 : 8
  await runClosedLoop(capacityCallers, seconds, () => through.post(body), '200')
  return runClosedLoop(capacityCallers, seconds, () => through.post(body), '200')
}

async function measureSteps(run: Run, capacity: number, direct: Caller, through: Caller): Promise<Step[]> {
  const seconds = run.short ? shortSeconds : fullSeconds
  const body = exportBody(run.bench.receiver.urls.ok)
  const steps: Step[] = []
  for (let round = 0; round < run.rounds; round += 1) {
    for (const share of shares) {
      const perSecond = capacity * share
      const directly = await runOpenLoop({ perSecond, seconds, call: () => direct.post(receivedBody) })
      const called = await runOpenLoop({ perSecond, seconds, call: () => through.post(body) })
      steps.push({ share, perSecond, direct: directly, through: called })
      run.say(`round ${round + 1}, ${share * 100} %: p50 ${figure(percentile(called.latenciesMs, 50))} ms`)
    }
  }
  return steps
}

async function cpuOf(installation: GhostpostInstallation, api: number): Promise<number> {
  const pids = [api, ...installation.workers().map((worker) => worker.pid)]
  const seconds = await Promise.all(pids.map(cpuSecondsOf))
  return seconds.reduce((total, one) => total + one, 0)
}

/** The most memory the processes had in use. */
export async function peaksOf(installation: GhostpostInstallation, api: number): Promise<Run['peaks']> {
  const workers = await Promise.all(installation.workers().map((worker) => peakMemoryOf(worker.pid)))
  return { worker: Math.max(...workers), api: await peakMemoryOf(api) }
}

function reportOf(run: Run, capacity: number, steps: readonly Step[], cpu: number): WorkloadReport {
  const calls = steps.reduce((total, step) => total + step.through.latenciesMs.length, 0)
  const rows = shares.flatMap((share) => [
    rowOf(share, 'direct', steps),
    rowOf(share, 'through', steps),
    ['', 'longer', ...percents.map((percent) => figure(overhead(steps, share, percent))), ''],
  ])
  return {
    workload: 'steady',
    title: `Synchronous calls at a steady rate (capacity ${figure(capacity)} a second, one API, one worker)`,
    columns: ['load', '', ...percents.map((percent) => `p${percent} ms`), 'answers'],
    rows,
    targets: [
      {
        text: 'call at 50 % load, longer than direct, p50',
        value: overhead(steps, 0.5, 50),
        bound: 'at most',
        limit: 6,
        unit: ' ms',
      },
      {
        text: 'call at 50 % load, longer than direct, p99',
        value: overhead(steps, 0.5, 99),
        bound: 'at most',
        limit: 30,
        unit: ' ms',
      },
    ],
    notes: [
      `Every wait counts from the moment the call was due. API and worker together: ${figure((cpu / calls) * 1e6)} µs of processor time a call.`,
    ],
    charts: shares.map((share) => ({
      title: `Synchronous calls at ${share * 100} % of capacity`,
      unit: 'ms',
      bars: percents.flatMap((percent) => [
        { label: `direct, p${percent}`, value: typical(steps, share, 'direct', percent) },
        { label: `through Ghostpost, p${percent}`, value: typical(steps, share, 'through', percent) },
      ]),
    })),
    data: { capacity, rounds: run.rounds, steps: steps.map(withoutEachLatency) },
  }
}

function rowOf(share: number, way: 'direct' | 'through', steps: readonly Step[]): string[] {
  const of = steps.filter((step) => step.share === share)
  const rate = of[0]?.perSecond ?? Number.NaN
  return [
    `${share * 100} % (${figure(rate)}/s)`,
    way === 'direct' ? 'direct POST' : 'Ghostpost',
    ...percents.map((percent) => figure(typical(steps, share, way, percent))),
    endingsOf(of.map((step) => step[way].endings)),
  ]
}

/** How calls ended, as in `200: 1500, 503: 2`. */
export function endingsOf(all: readonly LoadResult['endings'][]): string {
  const sums: Record<string, number> = {}
  for (const endings of all)
    for (const [ending, count] of Object.entries(endings)) sums[ending] = (sums[ending] ?? 0) + count
  return Object.entries(sums)
    .map(([ending, count]) => `${ending}: ${count}`)
    .join(', ')
}

function typical(steps: readonly Step[], share: number, way: 'direct' | 'through', percent: number): number {
  return median(
    steps.filter((step) => step.share === share).map((step) => percentile(step[way].latenciesMs, percent)),
  )
}

/** By how much the call takes longer, the median over the rounds. */
function overhead(steps: readonly Step[], share: number, percent: number): number {
  const each = steps
    .filter((step) => step.share === share)
    .map(
      (step) => percentile(step.through.latenciesMs, percent) - percentile(step.direct.latenciesMs, percent),
    )
  return median(each)
}

function withoutEachLatency({ share, perSecond, direct, through }: Step): object {
  const described = ({ latenciesMs, endings }: LoadResult): object => ({
    ...Object.fromEntries(percents.map((percent) => [`p${percent}Ms`, percentile(latenciesMs, percent)])),
    endings,
  })
  return { share, perSecond, direct: described(direct), through: described(through) }
}
