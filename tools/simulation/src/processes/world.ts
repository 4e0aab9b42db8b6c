import type { Choices, Scheduler, Trace } from '../schedule/index.ts'
import type { Fault, FaultPlan, QueueFault } from './faults.ts'

/** What all processes of a run share. */
export interface World {
  choices: Choices
  scheduler: Scheduler
  trace: Trace
  plan: FaultPlan
  /** The faults that happened, in order. */
  faults: Fault[]
  /** How often each call was made, by port and subject. */
  calls: Map<string, number>
  /** Set by the queue. */
  disturbQueue: (kind: QueueFault) => void
  /** Errors of the code itself, which no fault explains. */
  crashes: string[]
  /** The planted bug of this run. */
  hasBug: (name: string) => boolean
}

/** The durations of faults and processes, in milliseconds of virtual time. */
export const times = {
  requestMin: 1,
  requestMax: 20,
  delayed: 5_000,
  /** Within a claim, and so late that no attempt may start. */
  slow: 25_000,
  /** Longer than a claim. */
  late: 45_000,
  frozen: 45_000,
  queueDown: 45_000,
  restart: 2_000,
} as const
