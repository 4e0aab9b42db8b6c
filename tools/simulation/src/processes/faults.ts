/** What may happen while a process waits for a port. */
export const faultKinds = [
  /** The process is killed before the store or the receiver gets the request. */
  'die_before',
  /** The process is killed after the effect, before it learns of it. */
  'die_after',
  /** The store is lost before the effect; the process gets an error. */
  'fail_before',
  /** The store is lost after the effect; the process gets an error. */
  'fail_after',
  /** The effect happens later, as behind a lock: late, but within a claim. */
  'slow_before',
  /** The same, for longer than a claim. */
  'late_before',
  /** The effect happens at once, and the process learns of it a little late, and still in time. */
  'delay_after',
  /** The same, so late that no attempt may start. */
  'slow_after',
  /** The process is stopped (SIGSTOP) for longer than a claim after the effect. */
  'freeze',
  /** The process is asked to end (SIGTERM) before the effect. */
  'stop',
  /** The queue loses all jobs. */
  'queue_flushed',
  /** The queue loses its lists and keeps the jobs that they name. */
  'queue_evicted',
  /** The queue is down for a while. */
  'queue_down',
] as const

export type FaultKind = (typeof faultKinds)[number]

export type QueueFault = 'queue_flushed' | 'queue_evicted' | 'queue_down'

/** A call of a port. */
export interface AwaitPoint {
  /** Port, subject and a running number: the same call has the same key in a history without other events. */
  key: string
  port: string
  /** The name of the calling process. */
  process: string
}

/** Decides the fault of a call; null for none. */
export type FaultPlan = (point: AwaitPoint) => FaultKind | null

export interface PlannedFault {
  key: string
  kind: FaultKind
}

/** A fault that happened. */
export interface Fault extends PlannedFault {
  process: string
  atMs: number
}

export function planFaults(faults: readonly PlannedFault[]): FaultPlan {
  if (faults.length === 0) return () => null
  const kinds = new Map(faults.map(({ key, kind }) => [key, kind]))
  return ({ key }) => kinds.get(key) ?? null
}
