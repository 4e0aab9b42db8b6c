import type { DueDelivery, Enqueue, JobPlace } from '@ghostpost/delivery/deliver'
import { openBursts, type Bursts } from '@ghostpost/delivery/sharing'
import type { JobsOptions } from 'bullmq'
import { batchCalls } from '../batching/batch-calls.ts'
import type { RepairResult } from './delivery-queue.ts'
import {
  endsWithin,
  storeTimeoutMs,
  warnThrottled,
  type InspectAction,
  type JobQueue,
  type QueueBackend,
} from './queue-backend.ts'
import { jobIdOf, traceOptions } from './job-options.ts'
import { shardOf } from './shards.ts'
import type { Logger } from '../telemetry/logger.ts'

/**
 * What one process enqueues for one site in one lane without a lower priority. A site that enqueues more than this
 * waits behind the jobs of the others.
 */
const burstLimits = { burst: 100, perSecond: 100 }
const inspectedMax = 500

/**
 * Enqueues jobs. Responds within a second, whatever the store does. The job's id names the due attempt, so two jobs for
 * the same attempt become one.
 */
export function createEnqueue(backend: QueueBackend, shards: number, log: Logger): Enqueue {
  const add = openAdding(backend, shards)
  const warn = warnThrottled(log, 'a delivery could not be enqueued; the sweeper will enqueue it')
  const promote = batchCalls((all: readonly DueDelivery[]) => inspectDue(backend, shards, 'promote', all), {
    maxSize: inspectedMax,
    maxInFlight: 2,
    shouldRetrySingly: () => false,
  })
  const enqueue: Enqueue = async (due, { delayMs, trace, overdue = false, probe } = {}) => {
    if (overdue && (await promote(due)).kind !== 'lost') return true
    await add(due, { delayMs, trace, probe })
    return true
  }
  return async (due, options) => {
    let enqueued = false
    const adding = enqueue(due, options).then(() => (enqueued = true), warn)
    if (!(await endsWithin(storeTimeoutMs, adding))) warn(new Error('the queue did not respond in time'))
    return enqueued
  }
}

/** @returns `DeliveryQueue.repair` */
export function repairJobs(
  backend: QueueBackend,
  shards: number,
  log: Logger,
): (overdue: readonly DueDelivery[]) => Promise<readonly RepairResult[]> {
  const add = openAdding(backend, shards)
  const warn = warnThrottled(log, 'an overdue delivery could not be enqueued; the sweeper tries again')
  const repair = async (due: DueDelivery, place: Promise<JobPlace>): Promise<RepairResult> => {
    if ((await place).kind !== 'lost') return 'queued'
    await add(due, {})
    return 'enqueued'
  }
  return async (overdue) => {
    const results = overdue.map((): RepairResult => 'failed')
    const places = inspectEach(backend, shards, 'repair', overdue)
    const repairing = overdue.map((due, index) =>
      repair(due, places(due)).then((result) => void (results[index] = result), warn),
    )
    await endsWithin(repairMaxMs, Promise.all(repairing))
    return results
  }
}

/** How long the store may take for one step of the sweeper, in milliseconds. */
const repairMaxMs = 10_000

async function inspectDue(
  backend: QueueBackend,
  shards: number,
  action: InspectAction,
  all: readonly DueDelivery[],
): Promise<Promise<JobPlace>[]> {
  return all.map(inspectEach(backend, shards, action, all))
}

/** Asks each lane's shard once for all its deliveries. Each shard fails on its own. */
function inspectEach(
  { inspect }: QueueBackend,
  shards: number,
  action: InspectAction,
  all: readonly DueDelivery[],
): (due: DueDelivery) => Promise<JobPlace> {
  const queueOf = ({ lane, siteId }: DueDelivery): string => `${lane} ${shardOf(siteId, shards)}`
  const placesByQueue = new Map<string, Promise<Map<string, JobPlace>>>()
  for (const [queue, group] of Map.groupBy(all, queueOf)) placesByQueue.set(queue, placesOf(group))
  async function placesOf(group: readonly DueDelivery[]): Promise<Map<string, JobPlace>> {
    const ids = [...new Set(group.map(idOf))]
    const [first] = group
    if (!first) return new Map()
    const places = await inspect(first.lane, shardOf(first.siteId, shards), action, ids)
    return new Map(places.map((place, index) => [ids[index] ?? '', place]))
  }
  return async (due) => (await placesByQueue.get(queueOf(due)))?.get(idOf(due)) ?? { kind: 'lost' }
}

function idOf({ deliveryId, attemptsMade }: DueDelivery): string {
  return jobIdOf(deliveryId, attemptsMade)
}

interface AddOptions {
  delayMs?: number | undefined
  trace?: string | undefined
  probe?: boolean | undefined
}

/** Adds a job; a job with the same id stays as it is. */
function openAdding(
  { queues }: QueueBackend,
  shards: number,
  bursts: Bursts = openBursts(burstLimits),
): (due: DueDelivery, options: AddOptions) => Promise<unknown> {
  return (due, { delayMs = 0, trace, probe = false }) => {
    const { siteId, lane, budget } = due
    const options = {
      ...traceOptions(trace),
      jobId: idOf(due),
      ...priorityOf(bursts.levelOf(`${lane}:${siteId}`)),
      ...(delayMs > 0 && { delay: delayMs }),
    }
    return queueOfShard(queues[lane], shardOf(siteId, shards)).add(
      'attempt',
      { budget, ...(probe && { probe }) },
      options,
    )
  }
}

/** A job without a priority comes before all jobs with one; a lower number comes first. */
function priorityOf(level: number): JobsOptions {
  return level === 0 ? {} : { priority: level }
}

/** @throws when there is no such shard */
function queueOfShard(queues: readonly JobQueue[], shard: number): JobQueue {
  const queue = queues[shard]
  if (!queue) throw new Error(`there is no shard ${shard}`)
  return queue
}
