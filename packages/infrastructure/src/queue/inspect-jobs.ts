import type { JobPlace, ParkReason } from '@ghostpost/delivery/deliver'
import type { Redis } from 'ioredis'
import { inspectJobsScript } from './inspect-jobs-script.ts'
import type { InspectAction } from './queue-backend.ts'

/** The field of a job's hash that `formatParking` writes. */
export const parkedField = 'parked'

type InspectingRedis = Redis & {
  inspectJobs: (keys: number, ...args: string[]) => Promise<string[]>
}

/** Adds the script to a client. */
export function defineInspectJobs(redis: Redis): InspectingRedis {
  redis.defineCommand('inspectJobs', { lua: inspectJobsScript })
  return redis as InspectingRedis
}

const structures = ['wait', 'active', 'prioritized', 'delayed', 'marker', 'meta', 'completed', 'failed']

/** Finds the places of jobs in one queue; `queueKey` is the prefix of its keys, without the colon. */
export async function inspectJobs(
  redis: InspectingRedis,
  queueKey: string,
  action: InspectAction,
  jobIds: readonly string[],
): Promise<JobPlace[]> {
  const keys = structures.map((name) => `${queueKey}:${name}`)
  const results = await redis.inspectJobs(keys.length, ...keys, `${queueKey}:`, action, ...jobIds)
  return results.map(parsePlace)
}

/** What a job's hash says about its wait: until when (milliseconds since 1970), for how long, and why. */
export function formatParking(nowMs: number, waitMs: number, because: ParkReason): string {
  return `${nowMs + waitMs} ${waitMs} ${because}`
}

function parsePlace(text: string): JobPlace {
  const [kind, untilMs, , because] = text.split(' ')
  if (kind !== 'parked') return { kind: kind as Exclude<JobPlace['kind'], 'parked'> }
  return { kind: 'parked', until: new Date(Number(untilMs)), because: because as ParkReason }
}
