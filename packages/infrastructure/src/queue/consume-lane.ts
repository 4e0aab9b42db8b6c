import type { DeliveryJob } from '@ghostpost/delivery/deliver'
import { siteOfBudget } from '@ghostpost/delivery/receivers'
import { openFairQueue, openFairSlots, openTurns } from '@ghostpost/delivery/sharing'
import type { Logger } from '../telemetry/logger.ts'
import type { QueueBackend } from './queue-backend.ts'
import { consumeShard } from './consume-shard.ts'
import type { ConsumeResult, ConsumeOptions, Consumer } from './delivery-queue.ts'

/**
 * A job of a site that uses its share goes back into the queue if its turn comes later than this, so that jobs of one
 * site's slow receivers do not fill this process. A job that only waits for its turn to work stays.
 */
const waitInProcessMaxMs = 250

const stopped: ConsumeResult = { kind: 'again', waitMs: 0, because: 'not_due' }

/**
 * Takes a lane's jobs from some of its shards until stopped. Jobs start in turn by site: at most `concurrency` work at
 * once, and those that wait for a response leave their slot to others. At most `inFlight` have started and not ended,
 * of which one site gets a share (`openFairSlots`).
 */
export function consumeLane(
  backend: QueueBackend,
  options: ConsumeOptions,
  shards: readonly number[],
  log: Logger,
): Consumer {
  const { concurrency, inFlight } = options
  const schedule = openSiteSchedule(options)
  const shardOptions = { ...options, concurrency: concurrency + inFlight, handle: schedule.handle }
  const consumers = shards.map((shard) => consumeShard(backend, shard, shardOptions, log))
  return {
    pause: async () => void (await Promise.all(consumers.map((one) => one.pause()))),
    resume: () => consumers.forEach((one) => one.resume()),
    stop: async (timeoutMs) => {
      schedule.stop()
      await Promise.all(consumers.map((one) => one.stop(timeoutMs)))
    },
  }
}

interface SiteSchedule {
  handle: (job: DeliveryJob) => Promise<ConsumeResult>
  /** Jobs that have not started go back into the queue. */
  stop: () => void
}

function openSiteSchedule({ concurrency, inFlight, handle, onPostponed }: ConsumeOptions): SiteSchedule {
  const slots = openFairSlots(inFlight)
  const unlimited = { waitingPerHolder: Infinity, waitingMax: Infinity }
  const queue = openFairQueue({ concurrency, slots, ...unlimited })
  const turns = openTurns()
  /** Ends the wait of each job that has not started. */
  const waiting = new Set<() => void>()
  let isStopped = false
  const start = async (site: string, job: DeliveryJob): Promise<ConsumeResult> => {
    const { promise: released, resolve } = Promise.withResolvers<ConsumeResult>()
    const release = (): void => resolve(stopped)
    waiting.add(release)
    const ran = queue.run(site, async (whileIdle) => {
      waiting.delete(release)
      if (isStopped) return stopped
      const startedAt = performance.now()
      const result = await handle(job, whileIdle)
      turns.observe(site, performance.now() - startedAt)
      return result
    })
    return Promise.race([released, ran.then((result) => result?.value ?? stopped)])
  }
  return {
    handle: async (job) => {
      const site = siteOfBudget(job.budget)
      const [ahead, used] = [queue.waiting(site), slots.usedBy(site)]
      const isShareFree = ahead === 0 || slots.hasRoom(site)
      if (isShareFree || turns.waitMs(site, ahead, used) <= waitInProcessMaxMs) return start(site, job)
      onPostponed?.()
      return { kind: 'again', waitMs: turns.assign(site, ahead, used), because: 'site_share' }
    },
    stop: () => {
      isStopped = true
      for (const release of waiting) release()
    },
  }
}
