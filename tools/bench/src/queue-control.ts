import { Queue, type JobsOptions } from 'bullmq'
import { Redis } from 'ioredis'

export interface QueueControl {
  /** Workers take nothing new until `resume`. */
  pause: () => Promise<void>
  resume: () => Promise<void>
  /** Adds as a product does, one by one, but does not wait for each. */
  addAll: (jobs: readonly QueuedJob[]) => Promise<void>
  /** Jobs that are waiting, delayed or under way. */
  countUnfinished: () => Promise<number>
  redis: Redis
  close: () => Promise<void>
}

interface QueuedJob {
  data: object
  options: JobsOptions
}

const chunk = 1_000

/** The benchmark's own hand on a contender's queue. */
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
