import { Queue, type JobsOptions } from 'bullmq'
import { Redis } from 'ioredis'

export interface QueueControl {
  /** Workers take no new job until `resume`. */
  pause: () => Promise<void>
  resume: () => Promise<void>
  /** Adds jobs one by one, as a product does, without waiting for each. */
  addAll: (jobs: readonly QueuedJob[]) => Promise<void>
  /** Number of waiting, delayed and active jobs. */
  countUnfinished: () => Promise<number>
  redis: Redis
  close: () => Promise<void>
}

interface QueuedJob {
  data: object
  options: JobsOptions
}

const chunk = 1_000

/** Opens a contender's queue for the benchmark. */
export function openQueueControl(url: string, prefix: string, name: string): QueueControl {
  const redis = new Redis(url, { maxRetriesPerRequest: null })
  const queue = new Queue(name, { connection: redis, prefix })
  return {
    redis,
    pause: () => queue.pause(),
    resume: () => queue.resume(),
    addAll: async (jobs) => {
      for (let from = 0; from < jobs.length; from += chunk) {
        const some = jobs.slice(from, from + chunk)
        await queue.addBulk(some.map(({ data, options }) => ({ name: 'attempt', data, opts: options })))
      }
    },
    countUnfinished: async () => {
      const counts = await queue.getJobCounts('wait', 'prioritized', 'active', 'delayed')
      return Object.values(counts).reduce((sum, count) => sum + count, 0)
    },
    close: async () => {
      await queue.close()
      redis.disconnect()
    },
  }
}
