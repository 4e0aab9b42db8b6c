import { Worker } from 'bullmq'
import { Agent, request } from 'undici'
import { workerConcurrency } from './contender.ts'

/** The ceiling of the stack: takes a job, sends a constant body and stores nothing. */
const body = JSON.stringify({ event: 'visitor.exported', note: 'x'.repeat(1_500) })
const headers = { 'content-type': 'application/json' }
const dispatcher = new Agent({ connections: workerConcurrency * 2 })

const { BENCH_REDIS_URL: url = '', BENCH_PREFIX: prefix = '' } = process.env
const worker = new Worker<{ url: string }>(
  'bare',
  async ({ data }) => {
    const answer = await request(data.url, { method: 'POST', headers, body, dispatcher })
    await answer.body.dump()
  },
  { connection: { url, maxRetriesPerRequest: null }, prefix, concurrency: workerConcurrency },
)
process.on('SIGTERM', () => void worker.close().then(() => process.exit(0)))
await worker.waitUntilReady()
process.send?.({ ready: true })
