import type { DeliveryJob, ParkReason } from '@ghostpost/delivery/deliver'
import { siteOfBudget } from '@ghostpost/delivery/receivers'
import { openFairQueue, openFairSlots, openTurns } from '@ghostpost/delivery/sharing'
import type { Logger } from '../telemetry/logger.ts'
import type { QueueBackend } from './queue-backend.ts'
import { consumeShard } from './consume-shard.ts'
import type { ConsumeResult, ConsumeOptions, Consumer } from './delivery-queue.ts'
import { openReceiverLines, type AskTurn } from './receiver-lines.ts'

/**
 * A job of a site that uses its share goes back into the queue if its turn comes later than this, so that jobs of one
 * site's slow receivers do not fill this process. A job that only waits for its turn to work stays.
 */
const waitInProcessMaxMs = 2_000

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
    pause: async () => {
      const paused = Promise.all(consumers.map((one) => one.pause()))
      schedule.release()
      await paused
    },
    resume: () => consumers.forEach((one) => one.resume()),
    releaseJobsOf: async (workerId) => {
      const released = await Promise.all(consumers.map((one) => one.releaseJobsOf(workerId)))
      return released.reduce((sum, count) => sum + count, 0)
    },
    stop: async (timeoutMs) => {
      schedule.stop()
      await Promise.all(consumers.map((one) => one.stop(timeoutMs)))
    },
  }
}

interface SiteSchedule {
  handle: (job: DeliveryJob) => Promise<ConsumeResult>
  /** Jobs that wait for their receiver are parked. */
  release: () => void
  /** Jobs that have not started go back into the queue. */
  stop: () => void
}

function openSiteSchedule({ concurrency, inFlight, handle, onPostponed }: ConsumeOptions): SiteSchedule {
  const slots = openFairSlots(inFlight)
  const unlimited = { waitingPerHolder: Infinity, waitingMax: Infinity }
  const queue = openFairQueue({ concurrency, slots, ...unlimited })
  const turns = openTurns()
  const lines = openReceiverLines()
  /** Ends the wait of each job that has not started. */
  const waiting = new Set<() => void>()
  let isStopped = false
  const start = async (site: string, job: DeliveryJob, turn: AskTurn): Promise<ConsumeResult> => {
    const { promise: released, resolve } = Promise.withResolvers<ConsumeResult>()
    const release = (): void => resolve(stopped)
    waiting.add(release)
    const ran = queue.run(site, async (whileIdle) => {
      waiting.delete(release)
      if (isStopped) return stopped
      const startedAt = performance.now()
      const result = await handle(job, whileIdle, () => lines.admitted(job.budget, turn))
      // Work that waited for the database, say, does not show how long the site's work takes.
      if (result.kind === 'done') turns.observe(site, performance.now() - startedAt)
      return result
    })
    return Promise.race([released, ran.then((result) => result?.value ?? stopped)])
  }
  /** Starts the job when its site's share allows it, now or soon. */
  const startWithinShare = async (job: DeliveryJob, turn: AskTurn): Promise<ConsumeResult> => {
    const site = siteOfBudget(job.budget)
    const [ahead, used] = [queue.waiting(site), slots.usedBy(site)]
    const isShareFree = ahead === 0 || slots.hasRoom(site)
    if (isShareFree || turns.waitMs(site, ahead, used) <= waitInProcessMaxMs) return start(site, job, turn)
    onPostponed?.()
    return { kind: 'again', waitMs: turns.assign(site, ahead, used), because: 'site_share' }
  }
  return {
    handle: async (job) => {
      const { budget } = job
      for (let isRefused = false; ; isRefused = true) {
        // The first request of a probe does not wait for what the others wait for.
        const turn = job.probe && !isRefused ? newTurn() : await lines.turnOf(budget, isRefused)
        if (turn.kind === 'park') return { ...turn, kind: 'again' }
        const result = await startWithinShare(job, turn).catch((error: unknown) => {
          lines.ended(budget, turn)
          throw error
        })
        if (result.kind !== 'again' || !waitsForReceiver(result.because)) {
          lines.ended(budget, turn)
          return result
        }
        lines.refused(budget, result)
      }
    },
    release: () => lines.release(),
    stop: () => {
      isStopped = true
      lines.stop()
      for (const release of waiting) release()
    },
  }
}

function newTurn(): AskTurn {
  return { kind: 'ask', isProbe: false, isAdmitted: false }
}

function waitsForReceiver(because: ParkReason): boolean {
  return because !== 'site_share' && because !== 'not_due'
}
