import type { Bench } from './contenders/contender.ts'
import { drain } from './workloads/drain.ts'

export interface Run {
  bench: Bench
  /** How often each measurement is repeated, the contenders in turn. */
  rounds: number
  short: boolean
  /** Only workloads of this name; empty for all. */
  only: string
  say: (line: string) => void
}

/** Runs the workloads one after another. */
export async function runWorkloads(run: Run): Promise<void> {
  await drain(run)
}
