import type { JobsOptions } from 'bullmq'

const idLength = '00000000-0000-0000-0000-000000000000'.length

/** Names the due attempt. */
export function jobIdOf(deliveryId: string, attemptsMade: number): string {
  return `${deliveryId}-${attemptsMade}`
}

/** @param jobId as `jobIdOf` made it; BullMQ knows jobs without one */
export function deliveryIdOf(jobId: string | undefined): string {
  return (jobId ?? '').slice(0, idLength)
}

/** What a delivery was rung for in, where BullMQ has a place for it. */
export function traceOptions(trace: string | undefined): JobsOptions {
  return trace === undefined ? {} : { telemetry: { metadata: trace, omitContext: true } }
}
