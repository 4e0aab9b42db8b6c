import type { Processor, Worker } from 'bullmq'
import type { JobData, ResultReader } from './queue-backend.ts'
import { followStream, type StreamEntry } from './follow-stream.ts'
import { shardPrefix } from './shards.ts'

/** Announced results that are kept for readers that were away; more than come while a caller waits. */
const resultsStoredMax = 10_000

function resultsKey(prefix: string, shard: number): string {
  return `${shardPrefix(prefix, shard)}:settled`
}

/**
 * BullMQ tells a job's result in the events of its queue, among three others of each job, each of which wakes every
 * reader. So the worker announces it in a stream of nothing else, in the same write by which it finishes the job.
 * @param worker that runs the processor; called when there is a result
 */
export function withAnnouncement(
  processor: Processor<JobData>,
  worker: () => Worker,
  { prefix, shard }: { prefix: string; shard: number },
  warn: (err: unknown) => void,
): Processor<JobData> {
  const key = resultsKey(prefix, shard)
  const announce = async (result: unknown): Promise<void> => {
    const redis = await worker().getBackend().client
    await redis.xadd(key, '*', { result: JSON.stringify(result) }, { MAXLEN: resultsStoredMax })
  }
  return async (job, token) => {
    const result: unknown = await processor(job, token)
    // Not waited for: when it is lost with this worker, who waits for it is told 202.
    if (result !== null) announce(result).catch(warn)
    return null
  }
}

/** Hears what is announced in a shard. */
export function followResults(
  { url, prefix, shard }: { url: string; prefix: string; shard: number },
  onResult: (result: unknown) => void,
  warn: (err: unknown) => void,
): ResultReader {
  const key = resultsKey(prefix, shard)
  return followStream({ url, key, onEntry: (entry) => onResult(parseResult(entry)), onGap: warn })
}

function parseResult([, [, text]]: StreamEntry): unknown {
  return JSON.parse(text ?? 'null')
}
