import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { countInState, exportOfSite, makeSites } from './make-sites.ts'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

let stack: Stack
let sites: number[]

afterEach(() => stack.stop())

const inShards = (count: number, taken = ''): Record<string, string> => ({
  GHOSTPOST_QUEUE_SHARDS: String(count),
  GHOSTPOST_WORKER_SHARDS: taken,
})

async function exportAll(): Promise<void> {
  const responses = await Promise.all(sites.map((site) => exportOfSite(stack, site, 'respond-async')))
  expect(responses.map(({ status }) => status)).toEqual(sites.map(() => 202))
}

/** The number of jobs in each shard's live lane, counted in Redis. */
async function waiting(shards: number): Promise<number[]> {
  const redis = new Redis(stack.queue.url)
  const name = (shard: number): string => `lane-live${shard === 0 ? '' : `-${shard}`}`
  const jobs = (shard: number): Promise<string[]> =>
    redis.keys(`{${stack.queue.prefix}*}:${name(shard)}:*-*-*-*-*`)
  try {
    return await Promise.all(Array.from({ length: shards }, async (_, shard) => (await jobs(shard)).length))
  } finally {
    redis.disconnect()
  }
}

/** Waits until all deliveries are delivered; returns how many different ones the receiver got. */
async function untilAllDelivered(): Promise<number> {
  await waitUntil('all are delivered', async () => (await countInState(stack, 'delivered')) === sites.length)
  await waitUntil('no job is left', async () => (await waiting(4)).every((count) => count === 0))
  const ids = stack.receiver.requests.map(({ headers }) => headers['webhook-id'])
  return new Set(ids).size
}

describe('with four shards', () => {
  beforeEach(async () => {
    stack = await startStack(inShards(4), 0)
    sites = await makeSites(stack, 30)
    await exportAll()
  })

  test('every shard gets jobs, and one worker consumes all shards', async () => {
    const counts = await waiting(4)
    expect(counts.every((count) => count > 0)).toBe(true)
    expect(counts.reduce((sum, count) => sum + count)).toBe(sites.length)
    await stack.startWorker()
    expect(await untilAllDelivered()).toBe(sites.length)
  })

  test('workers can consume different shards', async () => {
    await stack.startWorker(inShards(4, '0-1'))
    await waitUntil('their shards are empty', async () => {
      const [first, second] = await waiting(4)
      return first === 0 && second === 0
    })
    expect((await waiting(4)).slice(2).every((count) => count > 0)).toBe(true)
    await stack.startWorker(inShards(4, '2 3'))
    expect(await untilAllDelivered()).toBe(sites.length)
  })

  test('after going back to two, workers that know the four empty the removed ones', async () => {
    await stack.startWorker({ ...inShards(2, '0-3'), GHOSTPOST_SWEEP_INTERVAL_MS: '600000' })
    expect(await untilAllDelivered()).toBe(sites.length)
  })

  test('after going back to two without that, the sweeper enqueues the deliveries of the removed ones', async () => {
    const lost = (await waiting(4)).slice(2).reduce((sum, count) => sum + count)
    await stack.startWorker(inShards(2))
    await waitUntil(
      'all are delivered',
      async () => (await countInState(stack, 'delivered')) === sites.length,
    )
    // The old jobs stay in the removed shards. If the shards come back, they have no effect.
    expect((await waiting(4)).slice(2).reduce((sum, count) => sum + count)).toBe(lost)
    await stack.startWorker(inShards(4))
    expect(await untilAllDelivered()).toBe(sites.length)
  })
})

describe('going from one shard to four', () => {
  beforeEach(async () => {
    stack = await startStack(inShards(1), 0)
    sites = await makeSites(stack, 30)
    await exportAll()
  })

  test('the deliveries of the single queue are delivered', async () => {
    expect(await waiting(4)).toEqual([sites.length, 0, 0, 0])
    await stack.startWorker({ ...inShards(4), GHOSTPOST_SWEEP_INTERVAL_MS: '600000' })
    expect(await untilAllDelivered()).toBe(sites.length)
  })

  test('an API that changes first loses no delivery: the sweeper of the old workers enqueues it', async () => {
    await stack.startWorker()
    expect(await untilAllDelivered()).toBe(sites.length)
    const ahead = await stack.startApi(inShards(4))
    stack.receiver.requests.length = 0
    const responses = await Promise.all(
      sites.map((site) => exportOfSite({ ...stack, api: ahead.address }, site, 'respond-async')),
    )
    expect(responses.every(({ status }) => status === 202)).toBe(true)
    await waitUntil(
      'all are delivered',
      async () => (await countInState(stack, 'delivered')) === 2 * sites.length,
    )
  })
})
