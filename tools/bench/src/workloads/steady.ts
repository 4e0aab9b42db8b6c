import { openCaller, type Caller } from '../caller.ts'
import { formatEndings, exportBody, measureCapacity, readPeaks, startCallTarget } from '../calls.ts'
import { openGhostpost } from '../contenders/ghostpost.ts'
import { openPlain } from '../contenders/plain.ts'
import { median, percentile } from '../figures.ts'
import { runOpenLoop, type LoadResult } from '../open-loop.ts'
import { cpuSecondsOf } from '../process-usage.ts'
import { figure, type Target, type WorkloadReport } from '../report.ts'
import { inTurn, notePeaks, type Run } from '../run.ts'

const shares = [0.5, 0.9] as const
const percents = [50, 95, 99] as const
const ways = ['direct', 'plain', 'ghostpost'] as const
const fullSeconds = 20
const shortSeconds = 8
const receivedBody = JSON.stringify({ note: 'x'.repeat(1_500) })

type Way = (typeof ways)[number]

interface Step {
  share: number
  perSecond: number
  way: Way
  round: number
  result: LoadResult
}

interface Callers {
  capacity: number
  post: Record<Way, () => Promise<string>>
}

/** Measures how much longer a synchronous call takes than a direct POST, at a steady rate. */
export async function steady(run: Run): Promise<WorkloadReport> {
  const ghostpost = await openGhostpost(run.bench)
  const plain = await openPlain(run.bench)
  const callers: Caller[] = []
  try {
    const called = await startCallTarget(ghostpost)
    const viaGhostpost = called.open()
    const viaPlain = (await startCallTarget(plain)).open()
    const viaDirect = openCaller(run.bench.receiver.urls.ok)
    callers.push(viaGhostpost, viaPlain, viaDirect)
    const capacity = await measureCapacity(run, viaGhostpost)
    run.log(
      `capacity: ${figure(capacity)} calls a second; plain: ${figure(await measureCapacity(run, viaPlain))}`,
    )
    const body = exportBody(run.bench.receiver.urls.ok)
    const pids = [called.api.pid, ...ghostpost.workers().map((worker) => worker.pid)]
    const before = await cpuOf(pids)
    const steps = await measureSteps(run, {
      capacity,
      post: {
        direct: () => viaDirect.post(receivedBody),
        plain: () => viaPlain.post(body),
        ghostpost: () => viaGhostpost.post(body),
      },
    })
    notePeaks(run, await readPeaks(ghostpost, called))
    return reportOf(capacity, steps, (await cpuOf(pids)) - before)
  } finally {
    await Promise.all(callers.map((caller) => caller.close()))
    await ghostpost.stop()
    await plain.stop()
  }
}

async function measureSteps(run: Run, { capacity, post }: Callers): Promise<Step[]> {
  const seconds = run.short ? shortSeconds : fullSeconds
  const steps: Step[] = []
  for (let round = 0; round < run.rounds; round += 1) {
    for (const share of shares) {
      const perSecond = capacity * share
      for (const way of inTurn(ways, round)) {
        const result = await runOpenLoop({ perSecond, seconds, call: post[way] })
        steps.push({ share, perSecond, way, round, result })
        const p50 = figure(percentile(result.latenciesMs, 50))
        run.log(`round ${round + 1}, ${share * 100} %, ${way}: p50 ${p50} ms`)
      }
    }
  }
  return steps
}

async function cpuOf(pids: readonly number[]): Promise<number> {
  const seconds = await Promise.all(pids.map(cpuSecondsOf))
  return seconds.reduce((total, one) => total + one, 0)
}

function reportOf(capacity: number, steps: readonly Step[], cpu: number): WorkloadReport {
  const viaGhostpost = steps.filter((step) => step.way === 'ghostpost')
  const calls = viaGhostpost.reduce((total, step) => total + step.result.latenciesMs.length, 0)
  return {
    workload: 'steady',
    title: `Synchronous calls at a steady rate (capacity ${figure(capacity)} a second, one API, one worker)`,
    columns: [
      'load',
      '',
      ...percents.map((percent) => `p${percent} ms`),
      'p50 longer',
      'p99 longer',
      'answers',
    ],
    rows: shares.flatMap((share) => ways.map((way) => rowOf(share, way, steps))),
    targets: [targetOf(steps, 50, 6), targetOf(steps, 99, 30)],
    notes: [
      'Every wait counts from the moment the call was due. ' +
        `API and worker together: ${figure((cpu / calls) * 1e6)} µs of processor time a call.`,
    ],
    charts: shares.map((share) => ({
      title: `Synchronous calls at ${share * 100} % of capacity`,
      unit: 'ms',
      bars: percents.flatMap((percent) =>
        ways.map((way) => ({ label: `${way}, p${percent}`, value: typical(steps, share, way, percent) })),
      ),
    })),
    data: { capacity, cpuSecondsPerCall: cpu / calls, steps: steps.map(withoutEachLatency) },
  }
}

function targetOf(steps: readonly Step[], percent: number, limit: number): Target {
  const value = extraLatency(steps, 0.5, 'ghostpost', percent)
  return {
    text: `call at 50 % load, longer than direct, p${percent}`,
    value,
    bound: 'at most',
    limit,
    unit: ' ms',
  }
}

function rowOf(share: number, way: Way, steps: readonly Step[]): string[] {
  const own = steps.filter((step) => step.share === share && step.way === way)
  return [
    `${share * 100} % (${figure(own[0]?.perSecond ?? Number.NaN)}/s)`,
    way,
    ...percents.map((percent) => figure(typical(steps, share, way, percent))),
    ...[50, 99].map((percent) => (way === 'direct' ? '' : figure(extraLatency(steps, share, way, percent)))),
    formatEndings(own.map((step) => step.result.endings)),
  ]
}

function roundLatencies(steps: readonly Step[], share: number, way: Way, percent: number): number[] {
  return steps
    .filter((step) => step.share === share && step.way === way)
    .toSorted((a, b) => a.round - b.round)
    .map((step) => percentile(step.result.latenciesMs, percent))
}

function typical(steps: readonly Step[], share: number, way: Way, percent: number): number {
  return median(roundLatencies(steps, share, way, percent))
}

/** By how much the call takes longer than the direct one of its round, the median over the rounds. */
function extraLatency(steps: readonly Step[], share: number, way: Way, percent: number): number {
  const direct = roundLatencies(steps, share, 'direct', percent)
  return median(
    roundLatencies(steps, share, way, percent).map((value, round) => value - (direct[round] ?? Number.NaN)),
  )
}

function withoutEachLatency({ result, ...step }: Step): object {
  const found = percents.map((percent) => [`p${percent}Ms`, percentile(result.latenciesMs, percent)] as const)
  return { ...step, ...Object.fromEntries(found), endings: result.endings }
}
