import type { Logger } from '../telemetry/logger.ts'
import type { QueueBackend } from './backend.ts'
import { consume } from './consume.ts'
import type { Consumed, ConsumeOptions, Consumer } from './delivery-queue.ts'
import { openLanePlaces } from './lane-places.ts'

/** Taken, but never begun: for another worker. */
const handedBack: Consumed = { kind: 'again', waitMs: 0 }

/** Takes a lane's deliveries from some of its shards, of all together at most `concurrency` at once, until stopped. */
export function consumeLane(
  backend: QueueBackend,
  options: ConsumeOptions,
  shards: readonly number[],
  log: Logger,
): Consumer {
  const [first = 0, ...others] = shards
  if (others.length === 0) return consume(backend, first, options, log)
  const places = openLanePlaces(options.concurrency, shards, (shard, most) =>
    consumers.get(shard)?.allow(most),
  )
  const consumers = new Map(
    shards.map((shard) => {
      const handle: ConsumeOptions['handle'] = async (due) =>
        (await places.hold(shard, () => options.handle(due))) ?? handedBack
      return [shard, consume(backend, shard, { ...options, handle }, log)]
    }),
  )
  const all = [...consumers.values()]
  return {
    pause: async () => void (await Promise.all(all.map((one) => one.pause()))),
    resume: () => all.forEach((one) => one.resume()),
    stop: async (timeoutMs) => {
      places.close()
      await Promise.all(all.map((one) => one.stop(timeoutMs)))
    },
  }
}
