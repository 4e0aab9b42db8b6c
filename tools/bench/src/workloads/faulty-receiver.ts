import type { ReceiverKind } from '../bench-receiver.ts'
import type { Caller } from '../caller.ts'
import { formatEndings, exportBody, measureCapacity, readPeaks, startCallTarget } from '../calls.ts'
import { openGhostpost } from '../contenders/ghostpost.ts'
import { median, percentile } from '../figures.ts'
import { runOpenLoop, type LoadResult } from '../open-loop.ts'
import { figure, type WorkloadReport } from '../report.ts'
import { notePeaks, type Run } from '../run.ts'
import { contentionData, contentionTargets, slowdown, throughput, type Contention } from './contention.ts'

type FaultyKind = Exclude<ReceiverKind, 'ok' | 'slow'>

const kinds: readonly FaultyKind[] = ['hang', 'throttle', 'drip']
const descriptions: Readonly<Record<FaultyKind, string>> = {
  hang: 'a receiver that hangs to the deadline',
  throttle: 'a receiver that answers 429',
  drip: 'a receiver whose answer drips',
}
/** Of capacity, for the healthy half; the other half is as much again. */
const healthyShare = 0.25
/** Longer than an attempt may take, so that what the first of them hold up is in it. */
const fullSeconds = 30
const shortSeconds = 15
const fullRoundsMax = 3
const settleSeconds = 2

interface Trial extends Contention {
  kind: FaultyKind
  perSecond: number
}

/** Measures the calls of a site to a healthy receiver while half of its calls go to a failing one. */
export async function faultyReceiver(run: Run): Promise<WorkloadReport> {
  const rounds = run.short ? 1 : Math.min(run.rounds, fullRoundsMax)
  const trials: Trial[] = []
  for (let round = 0; round < rounds; round += 1) {
    for (const kind of kinds) {
      const trial = await runTrial(run, kind)
      trials.push(trial)
      run.log(`round ${round + 1}, ${kind}: ${figure(throughput(trial))} × the calls answered alone`)
    }
  }
  return {
    workload: 'faulty-receiver',
    title: 'The healthy half of the traffic beside an ill receiver',
    columns: [
      'the other half goes to',
      'answered, × alone',
      'p95, × alone',
      'p95 alone ms',
      'p95 beside ms',
      'answers beside',
    ],
    rows: kinds.map((kind) => rowOf(kind, trials)),
    targets: kinds.flatMap((kind) =>
      contentionTargets(`healthy half beside ${descriptions[kind]}`, (of) => typical(kind, trials, of)),
    ),
    notes: [
      'Each trial has a fresh installation: the ill receiver is not known as such when the calls begin.',
    ],
    charts: [
      {
        title: 'p95 of the healthy half, beside alone',
        unit: '×',
        bars: kinds.map((kind) => ({ label: descriptions[kind], value: typical(kind, trials, slowdown) })),
      },
    ],
    data: trials.map((trial) => ({ kind: trial.kind, perSecond: trial.perSecond, ...contentionData(trial) })),
  }
}

async function runTrial(run: Run, kind: FaultyKind): Promise<Trial> {
  const installation = await openGhostpost(run.bench)
  try {
    const called = await startCallTarget(installation)
    const [healthy, ill] = [called.open(), called.open()]
    const perSecond = (await measureCapacity(run, healthy)) * healthyShare
    const trial = { kind, perSecond, ...(await compare(run, kind, perSecond, healthy, ill)) }
    notePeaks(run, await readPeaks(installation, called))
    await Promise.all([healthy.close(), ill.close()])
    return trial
  } finally {
    await installation.stop()
  }
}

async function compare(
  { bench, short }: Run,
  kind: FaultyKind,
  perSecond: number,
  healthy: Caller,
  ill: Caller,
): Promise<Contention> {
  const seconds = short ? shortSeconds : fullSeconds
  const load = (caller: Caller, to: ReceiverKind, longer = 0): Promise<LoadResult> => {
    const body = exportBody(bench.receiver.urls[to])
    return runOpenLoop({ perSecond, seconds: seconds + longer, call: () => caller.post(body) })
  }
  await runOpenLoop({
    perSecond,
    seconds: settleSeconds,
    call: () => healthy.post(exportBody(bench.receiver.urls.ok)),
  })
  const alone = await load(healthy, 'ok')
  const [beside] = await Promise.all([load(healthy, 'ok'), load(ill, kind)])
  return { alone, beside }
}

function typical(kind: FaultyKind, trials: readonly Trial[], of: (trial: Trial) => number): number {
  return median(trials.filter((trial) => trial.kind === kind).map(of))
}

function rowOf(kind: FaultyKind, trials: readonly Trial[]): string[] {
  return [
    descriptions[kind],
    figure(typical(kind, trials, throughput)),
    figure(typical(kind, trials, slowdown)),
    figure(typical(kind, trials, ({ alone }) => percentile(alone.latenciesMs, 95))),
    figure(typical(kind, trials, ({ beside }) => percentile(beside.latenciesMs, 95))),
    formatEndings(trials.filter((trial) => trial.kind === kind).map((trial) => trial.beside.endings)),
  ]
}
