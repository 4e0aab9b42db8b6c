import { Worker } from 'bullmq'
import { workerConcurrency } from './contender.ts'
import { openBenchDatabase } from './open-bench-database.ts'
import type { PlainJob } from './plain.ts'

/**
 * What a competent developer writes in a day: load the visitor, post it, note that it is done. Retries are the queue's,
 * nothing is claimed, and what the receiver answered is not kept.
 */
const { BENCH_DATABASE_URL = '', BENCH_REDIS_URL: url = '', BENCH_PREFIX: prefix = '' } = process.env
const { prisma, close } = openBenchDatabase(BENCH_DATABASE_URL)

const worker = new Worker<PlainJob>(
  'plain',
  async ({ data }) => {
    const visitor = await prisma.visitor.findUniqueOrThrow({
      where: { id: BigInt(data.visitorId) },
      include: {
        sessions: { orderBy: { startedAt: 'desc' }, take: 10 },
        events: { orderBy: { occurredAt: 'desc' }, take: 20 },
      },
    })
    const body = JSON.stringify(visitor, (_key, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    )
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(data.webhookUrl, {
      method: 'POST',
      headers,
      body,
      signal: AbortSignal.timeout(10_000),
    })
    await response.text()
    if (!response.ok) throw new Error(`The receiver answered ${response.status}`)
    await prisma.delivery.update({
      where: { id: data.deliveryId },
      data: { state: 'delivered', attempts: 1, deliveredAt: new Date(), lastResponseStatus: response.status },
    })
  },
  { connection: { url, maxRetriesPerRequest: null }, prefix, concurrency: workerConcurrency },
)
process.on(
  'SIGTERM',
  () =>
    void worker
      .close()
      .then(close)
      .then(() => process.exit(0)),
)
await worker.waitUntilReady()
process.send?.({ ready: true })
