import type { Processor, Worker } from 'bullmq'
import type { JobData, ResultReader } from './queue-backend.ts'
import { followStream, type StreamEntry } from './follow-stream.ts'
import { shardPrefix } from './shards.ts'

/** Number of stored results, for readers that lost their connection: more than arrive while a caller waits. */
const resultsStoredMax = 10_000

function resultsKey(prefix: string, shard: number): string {
  return `${shardPrefix(prefix, shard)}:settled`
}

/**
 * Announces results in a stream of their own, in the same pipeline that finishes the job. BullMQ's own events have
 * three
 * more entries per job, and each of them wakes every reader.
 * @param worker returns the worker that runs the processor; called for each result
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
    // Not awaited: if the result is lost with this worker, the waiting caller gets 202.
    if (result !== null) announce(result).catch(warn)
    return null
  }
}

/** Receives the results that are announced in a shard. */
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
