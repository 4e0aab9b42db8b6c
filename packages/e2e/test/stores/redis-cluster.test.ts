import { createAdminSession } from '@ghostpost/test-kit/accounts'
import { startTestCluster, type TestCluster } from '@ghostpost/test-kit/test-cluster'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callApi } from '@ghostpost/test-kit/processes/call-api'
import { countInState, exportOfSite, makeSites } from './make-sites.ts'
import { openStream } from '@ghostpost/test-kit/processes/open-stream'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

const shards = 12
let cluster: TestCluster
let stack: Stack
let sites: number[]

beforeAll(async () => {
  cluster = await startTestCluster()
  const settings = { QUEUE_URL: cluster.url, GHOSTPOST_QUEUE_SHARDS: String(shards) }
  stack = await startStack({ ...settings, GHOSTPOST_RATE_LIMIT_SESSION: '400' })
  sites = await makeSites(stack, 60)
  await waitUntil('the API is connected to all nodes', async () =>
    JSON.stringify(await queueCheck()).includes('"ready"'),
  )
})

afterAll(async () => {
  await stack.stop()
  await cluster.remove()
})

/** Keys of this stack on each reachable node. */
async function keysByNode(): Promise<string[][]> {
  return Promise.all(
    cluster.nodes.map(async ({ port }) => {
      const redis = new Redis(port, { lazyConnect: true, retryStrategy: () => null })
      redis.on('error', () => {})
      try {
        await redis.connect()
        return await redis.keys(`*${stack.queue.prefix}*`)
      } catch {
        return []
      } finally {
        redis.disconnect()
      }
    }),
  )
}

async function queueCheck(): Promise<unknown> {
  return (await callApi(stack, '/readyz', { session: null })).body
}

test('calls return the outcome, whatever shard their site is in', async () => {
  const responses = await Promise.all(sites.map((site) => exportOfSite(stack, site)))
  expect(responses.map(({ status }) => status)).toEqual(sites.map(() => 200))
  expect(await countInState(stack, 'delivered')).toBe(sites.length)
})

test('deliveries use all shards, and the shards are on all nodes', async () => {
  const nodes = await keysByNode()
  const names = nodes.flat()
  for (let shard = 0; shard < shards; shard += 1) {
    const end = `:lane-live${shard === 0 ? '' : `-${shard}`}:events`
    expect(names.filter((key) => key.endsWith(end))).toHaveLength(1)
  }
  expect(nodes.every((keys) => keys.some((key) => key.includes(':lane-live')))).toBe(true)
})

test('processes share budgets and call counts in the cluster', async () => {
  const host = new URL(stack.receiver.url).host
  const found = await callApi(stack, `/api/receivers/${host}?siteId=${sites[0]}`)
  expect(found).toMatchObject({ status: 200, body: { breaker: 'closed' } })
  const names = (await keysByNode()).flat()
  expect(names.filter((key) => key.endsWith(`}:budget:${sites[0]}:host:${host}`))).toHaveLength(1)
  expect(names.some((key) => key.includes('}:calls:session:'))).toBe(true)
})

test('a listener receives live events', async () => {
  const [siteId = 0] = sites
  const stream = await openStream(stack, { siteId })
  await exportOfSite(stack, siteId)
  await waitUntil('the event arrives', () => JSON.stringify(stream.received).includes('"delivered"'))
  stream.close()
})

test('a node that is killed and restarted loses no delivery, and the other nodes work all the time', async () => {
  const before = await countInState(stack, 'delivered')
  const index = (await keysByNode()).findIndex((keys) => keys.some((key) => key.includes(':lane-live')))
  const lost = cluster.nodes[index]
  await lost?.kill()
  await waitUntil('the API reports it', async () => JSON.stringify(await queueCheck()).includes('"partial"'))
  expect(await queueCheck()).toMatchObject({ status: 'degraded', checks: { queue: 'partial' } })
  const responses = await Promise.all(sites.map((site) => exportOfSite(stack, site, 'wait=2')))
  expect(responses.every(({ status }) => status === 200 || status === 202)).toBe(true)
  const deliveredByOthers = await waitUntil(
    'the other nodes deliver',
    async () => (await countInState(stack, 'delivered')) - before || null,
  )
  expect(deliveredByOthers).toBeLessThan(sites.length)
  await lost?.start()
  await waitUntil(
    'all are delivered',
    async () => (await countInState(stack, 'delivered')) === before + sites.length,
  )
  await waitUntil('the API reports ready', async () => JSON.stringify(await queueCheck()).includes('"ready"'))
  const admin = await createAdminSession(stack.database)
  const system = await waitUntil('nothing waits', async () => {
    const { body } = await callApi(stack, '/api/system', { session: admin })
    return isEmpty(body) && body
  })
  expect(system).toMatchObject({ backlog: { due: 0 } })
})

function isEmpty(system: Record<string, unknown> | null): boolean {
  const lanes = (system?.['lanes'] ?? []) as { waiting: number; active: number; delayed: number }[]
  return lanes.length === 3 && lanes.every(({ waiting, active, delayed }) => waiting + active + delayed === 0)
}
