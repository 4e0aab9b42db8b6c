import type { Logger } from '../telemetry/logger.ts'
import type { QueueBackend } from './queue-backend.ts'
import { consumeShard } from './consume-shard.ts'
import type { ConsumeResult, ConsumeOptions, Consumer } from './delivery-queue.ts'
import { openLaneSlots } from './lane-slots.ts'

/** A job that was taken and not started; another worker gets it. */
const released: ConsumeResult = { kind: 'again', waitMs: 0 }

/** Takes a lane's jobs from some of its shards until stopped, at most `concurrency` at once over all shards. */
export function consumeLane(
  backend: QueueBackend,
  options: ConsumeOptions,
  shards: readonly number[],
  log: Logger,
): Consumer {
  const [first = 0, ...others] = shards
  if (others.length === 0) return consumeShard(backend, first, options, log)
  const slots = openLaneSlots(options.concurrency, shards, (shard, concurrency) =>
    consumers.get(shard)?.setConcurrency(concurrency),
  )
  const consumers = new Map(
    shards.map((shard) => {
      const handle: ConsumeOptions['handle'] = async (job) =>
        (await slots.run(shard, () => options.handle(job))) ?? released
      return [shard, consumeShard(backend, shard, { ...options, handle }, log)]
    }),
  )
  const all = [...consumers.values()]
  return {
    pause: async () => void (await Promise.all(all.map((one) => one.pause()))),
    resume: () => all.forEach((one) => one.resume()),
    stop: async (timeoutMs) => {
      slots.close()
      await Promise.all(all.map((one) => one.stop(timeoutMs)))
    },
  }
}
