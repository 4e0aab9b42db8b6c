import { randomUUIDv7 } from 'node:crypto'
import { Queue, QueueEvents } from 'bullmq'
import Fastify from 'fastify'
import { hashSessionToken } from '@ghostpost/infrastructure/accounts'
import { openBenchDatabase } from './open-bench-database.ts'
import type { PlainJob } from './plain.ts'

/** The API of a plain program: authenticates the caller, inserts the delivery, enqueues it and waits for the job. */
const { BENCH_DATABASE_URL = '', BENCH_REDIS_URL: url = '', BENCH_PREFIX: prefix = '' } = process.env
const waitMs = 10_000
const { prisma } = openBenchDatabase(BENCH_DATABASE_URL)
const connection = { url, maxRetriesPerRequest: null }
const queue = new Queue<PlainJob>('plain', { connection, prefix })
const events = new QueueEvents('plain', { connection, prefix })
await events.waitUntilReady()
const options = { attempts: 10, backoff: { type: 'exponential', delay: 1_000 }, removeOnComplete: true }

const app = Fastify()
app.post<{ Body: { ghost_vid: string; webhook_url: string } }>('/api/webhook', async (request, reply) => {
  const token = /(?:^|; )session=([^;]*)/.exec(request.headers.cookie ?? '')?.[1] ?? ''
  const session = await prisma.session.findUnique({ where: { tokenHash: hashSessionToken(token) } })
  if (!session || session.expiresAt < new Date()) return reply.code(401).send()
  const { ghost_vid: ghostVid, webhook_url: webhookUrl } = request.body
  const visitor = await prisma.visitor.findUnique({ where: { siteId_ghostVid: { siteId: 4, ghostVid } } })
  if (!visitor) return reply.code(404).send()
  const delivery = await prisma.delivery.create({
    data: {
      id: randomUUIDv7(),
      siteId: 4,
      visitorId: visitor.id,
      ghostVid,
      webhookType: 'custom',
      receiverUrl: webhookUrl,
      receiverHost: new URL(webhookUrl).host,
      includeJourney: true,
      includeEvents: true,
      requestedBy: session.userId,
    },
  })
  const data = { deliveryId: delivery.id, visitorId: String(visitor.id), webhookUrl }
  const job = await queue.add('deliver', data, options)
  await job.waitUntilFinished(events, waitMs)
  return { success: true, ghost_vid: ghostVid, webhook_type: 'custom', delivery_id: delivery.id }
})
const address = await app.listen({ host: '127.0.0.1', port: 0 })
process.on('SIGTERM', () => process.exit(0))
process.send?.({ address })
