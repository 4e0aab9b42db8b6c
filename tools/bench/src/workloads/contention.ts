import { percentile } from '../figures.ts'
import type { LoadResult } from '../open-loop.ts'
import type { Target } from '../report.ts'

/** Compares the same calls on an idle system and beside other work. */
export interface Contention {
  alone: LoadResult
  beside: LoadResult
}

/** Calls answered beside, for each that was answered alone. */
export function throughput({ alone, beside }: Contention): number {
  return (beside.endings['200'] ?? 0) / (alone.endings['200'] ?? Number.NaN)
}

/** How many times as long the slowest twentieth waits. */
export function slowdown({ alone, beside }: Contention): number {
  return percentile(beside.latenciesMs, 95) / percentile(alone.latenciesMs, 95)
}

/** @param typical the median over the trials */
export function contentionTargets(
  what: string,
  typical: (of: (trial: Contention) => number) => number,
): Target[] {
  return [
    { text: `${what}, answered`, value: typical(throughput), bound: 'at least', limit: 0.9, unit: ' ×' },
    { text: `${what}, p95`, value: typical(slowdown), bound: 'at most', limit: 1.5, unit: ' ×' },
  ]
}

/** Data of a trial for programs. */
export function contentionData({ alone, beside }: Contention): object {
  return { alone: loadData(alone), beside: loadData(beside) }
}

function loadData({ latenciesMs, endings }: LoadResult): object {
  return { p95Ms: percentile(latenciesMs, 95), endings }
}
