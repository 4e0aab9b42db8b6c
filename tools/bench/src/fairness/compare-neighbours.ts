import { median, medianRatio, percentile } from '../figures.ts'
import type { LoadResult } from '../open-loop.ts'
import { figure, type Target, type WorkloadReport } from '../report.ts'

/** A neighbour whose receivers respond at once, and one that makes the same calls to receivers that do not. */
export const neighbourKinds = ['healthy', 'hostile'] as const
export type NeighbourKind = (typeof neighbourKinds)[number]

/** The innocent site's synchronous exports, beside one neighbour. */
export interface Measurement {
  calls: LoadResult
  /** Number of the neighbour's calls by result. */
  neighbourEndings: Readonly<Record<string, number>>
  /** How busy all programs kept the machine meanwhile, in percent. */
  busyPercent: number
}

/** Two measurements of one round, so that they find the machine alike. */
export interface FairnessTrial extends Record<NeighbourKind, Measurement> {
  behaviour: string
  round: number
}

/** The status of an export that was answered with what the receiver did: it accepted. */
const realOutcome = '200'
const ratioMax = 1.5

/** Calls that were answered with the real outcome, in percent of all calls; NaN without calls. */
export function answeredPercent(measurements: readonly Measurement[]): number {
  const all = measurements.reduce((sum, { calls }) => sum + calls.latenciesMs.length, 0)
  const answered = measurements.reduce((sum, { calls }) => sum + (calls.endings[realOutcome] ?? 0), 0)
  return (100 * answered) / all
}

/** A percentile of the latencies: the median over the rounds, in milliseconds. */
export function typicalMs(measurements: readonly Measurement[], percent: number): number {
  return median(measurements.map(({ calls }) => percentile(calls.latenciesMs, percent)))
}

/** How many times as long a call takes beside the hostile neighbour: the median of the rounds' ratios. */
export function latencyRatio(trials: readonly FairnessTrial[], percent: number): number {
  const ofRounds = (kind: NeighbourKind): number[] =>
    trials.map((trial) => percentile(trial[kind].calls.latenciesMs, percent))
  return medianRatio(ofRounds('hostile'), ofRounds('healthy'))
}

/**
 * The report of all trials: a row for each behaviour of the neighbour.
 * @param texts what the neighbour does, by behaviour, in the order of the rows
 * @param perSecond rate of the innocent site's calls
 */
export function fairnessReport(
  texts: Readonly<Record<string, string>>,
  perSecond: number,
  trials: readonly FairnessTrial[],
): WorkloadReport {
  const measured = Object.entries(texts).map(([behaviour, text]) => ({
    text,
    own: trials.filter((trial) => trial.behaviour === behaviour),
  }))
  return {
    workload: 'fairness',
    title: `${perSecond} synchronous exports a second of a site to a healthy receiver, beside a neighbour`,
    columns: [
      'the neighbour',
      'answered % beside healthy',
      'hostile',
      'p50 ms beside healthy',
      'hostile',
      'ratio',
      'p95 ms beside healthy',
      'hostile',
      'ratio',
      'machine busy % beside healthy',
      'hostile',
    ],
    rows: measured.map(({ text, own }) => rowOf(text, own)),
    targets: measured.flatMap(({ text, own }) => targetsOf(text, own)),
    notes: [
      'Answered: with what the receiver did. The healthy neighbour makes the same calls at the same rate, to ' +
        'receivers that respond at once.',
      ...measured.map(({ text, own }) => `Calls of the neighbour: ${text}: ${neighbourText(own)}.`),
    ],
    charts: [
      {
        title: 'p95 beside a hostile neighbour',
        unit: '× beside a healthy one',
        bars: measured.map(({ text, own }) => ({ label: text, value: latencyRatio(own, 95) })),
      },
    ],
    data: { perSecond, trials: trials.map(dataOf) },
  }
}

function rowOf(text: string, own: readonly FairnessTrial[]): string[] {
  const pair = (of: (measurements: readonly Measurement[]) => number): number[] =>
    neighbourKinds.map((kind) => of(own.map((trial) => trial[kind])))
  return [
    text,
    ...[
      ...pair(answeredPercent),
      ...pair((measurements) => typicalMs(measurements, 50)),
      latencyRatio(own, 50),
      ...pair((measurements) => typicalMs(measurements, 95)),
      latencyRatio(own, 95),
      ...pair((measurements) => median(measurements.map((one) => one.busyPercent))),
    ].map(figure),
  ]
}

function targetsOf(text: string, own: readonly FairnessTrial[]): Target[] {
  const answered = answeredPercent(own.map((trial) => trial.hostile))
  const what = `site beside a neighbour with ${text}`
  return [
    { text: `${what}, answered`, value: answered, bound: 'at least', limit: 100, unit: ' %' },
    { text: `${what}, p95`, value: latencyRatio(own, 95), bound: 'at most', limit: ratioMax, unit: ' ×' },
  ]
}

function neighbourText(own: readonly FairnessTrial[]): string {
  return neighbourKinds
    .map((kind) => `${kind} ${endingsText(own.map((trial) => trial[kind].neighbourEndings))}`)
    .join('; ')
}

function endingsText(all: readonly Measurement['neighbourEndings'][]): string {
  const sums = new Map<string, number>()
  for (const [ending, count] of all.flatMap((endings) => Object.entries(endings)))
    sums.set(ending, (sums.get(ending) ?? 0) + count)
  return [...sums].map(([ending, count]) => `${count} × ${ending}`).join(', ') || 'none'
}

function dataOf({ behaviour, round, healthy, hostile }: FairnessTrial): object {
  return { behaviour, round, healthy: measurementData(healthy), hostile: measurementData(hostile) }
}

function measurementData({ calls, ...others }: Measurement): object {
  const [p50Ms, p95Ms] = [50, 95].map((percent) => percentile(calls.latenciesMs, percent))
  return { p50Ms, p95Ms, endings: calls.endings, ...others }
}
