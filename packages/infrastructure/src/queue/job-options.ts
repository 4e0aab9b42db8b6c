import type { JobsOptions } from 'bullmq'

const idLength = '00000000-0000-0000-0000-000000000000'.length

/** The job's id names the due attempt. */
export function jobIdOf(deliveryId: string, attemptsMade: number): string {
  return `${deliveryId}-${attemptsMade}`
}

/** @param jobId from `jobIdOf`; undefined for BullMQ's jobs without an id */
export function deliveryIdOf(jobId: string | undefined): string {
  return (jobId ?? '').slice(0, idLength)
}

/** The trace that enqueues the job, in BullMQ's field for it. */
export function traceOptions(trace: string | undefined): JobsOptions {
  return trace === undefined ? {} : { telemetry: { metadata: trace, omitContext: true } }
}
