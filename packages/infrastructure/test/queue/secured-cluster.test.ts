import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { openQueue, type DeliveryQueue } from '@ghostpost/infrastructure/queue'
import { openLogger } from '@ghostpost/infrastructure/telemetry'
import { sendRedisCommand } from '@ghostpost/local-services'
import { dueDeliveryWith } from '@ghostpost/test-kit/due-delivery'
import { startTestCluster, type TestCluster } from '@ghostpost/test-kit/test-cluster'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'

const authority = join(import.meta.dirname, '../../../test-kit/src/receiver/certificates/ca.pem')
const password = 'p@ss/word'
let cluster: TestCluster
let cleanUp: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  setDefaultCACertificates([...getCACertificates('default'), await readFile(authority, 'utf8')])
  cluster = await startTestCluster({ tls: true })
  for (const { port } of cluster.nodes) await sendRedisCommand(port, `CONFIG SET requirepass ${password}`)
})

afterEach(async () => {
  for (const step of cleanUp.splice(0).toReversed()) await step()
})

afterAll(() => cluster.remove())

async function open(login: string): Promise<DeliveryQueue> {
  const url = cluster.url.replace('://', `://${login}@`)
  const queue = await openQueue({ url, prefix: 'secured', shards: 4, log: openLogger('test', 'silent') })
  cleanUp.push(queue.close)
  return queue
}

test('a queue works on a cluster with TLS and a password', async () => {
  const queue = await open(`:${encodeURIComponent(password)}`)
  const handled: string[] = []
  const listener = queue.listenForSettlements()
  const consumer = queue.consume({
    lane: 'live',
    concurrency: 5,
    inFlight: 400,
    lockMs: 2_000,
    handle: async ({ deliveryId }) => (
      handled.push(deliveryId),
      { kind: 'done', settlement: settled(deliveryId) }
    ),
  })
  cleanUp.push(listener.close, () => consumer.stop(5_000))
  await listener.ready()
  expect(await queue.check()).toBe('ok')
  const ids = Array.from({ length: 12 }, () => randomUUID())
  const expectations = ids.map((id) => listener.expect(id))
  for (const [index, deliveryId] of ids.entries()) {
    expect(await queue.enqueue(dueDeliveryWith({ deliveryId, siteId: index + 1 }))).toBe(true)
  }
  const settlements = await Promise.all(expectations.map((expectation) => expectation.waitFor(15_000)))
  expect(settlements.map((settlement) => settlement?.deliveryId)).toEqual(ids)
  expect(handled.toSorted()).toEqual(ids.toSorted())
})

test('with a wrong password the check reports that the queue refuses the user', async () => {
  const queue = await open(':wrong')
  expect(await queue.check()).toBe('forbidden')
})

function settled(deliveryId: string) {
  const times = { deliveredAt: null, nextAttemptAt: null }
  return { deliveryId, state: 'delivered', attempts: 1, error: null, ...times } as const
}
