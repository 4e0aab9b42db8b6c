import { startFaultProxy, type FaultProxy } from '@ghostpost/test-kit/fault-proxy'
import { createTestQueueName } from '@ghostpost/test-kit/test-database'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { followStream, isBefore } from '../../src/queue/follow-stream.ts'

const throwingText = 'makes the handler throw'
let redis: Redis
let proxy: FaultProxy
let key: string
let received: string[]
let gaps: unknown[]
let reader: ReturnType<typeof followStream>

beforeEach(async () => {
  const { url, prefix } = createTestQueueName()
  key = `{${prefix}}:stream`
  redis = new Redis(url)
  const { port } = new URL(url)
  proxy = await startFaultProxy(Number(port))
  ;[received, gaps] = [[], []]
  await add('before')
  reader = followStream({
    url: url.replace(`:${port}`, `:${proxy.port}`),
    key,
    onEntry: ([, fields]) => {
      if (fields[1] === throwingText) throw new Error('the entry cannot be read')
      received.push(fields[1] ?? '')
    },
    onGap: (error) => gaps.push(error),
  })
  await reader.ready()
})

afterEach(async () => {
  await reader.close()
  await proxy.stop()
  await redis.del(key)
  redis.disconnect()
})

async function add(text: string, id = '*'): Promise<void> {
  await redis.xadd(key, id, 'text', text)
}

async function breakConnection(): Promise<void> {
  const known = gaps.length
  proxy.setMode({ kind: 'cut' })
  await waitUntil('the reader has reported the gap', () => gaps.length > known)
}

test('receives only entries that are added after it is ready, in order', async () => {
  for (const text of ['one', 'two', 'three']) await add(text)
  await waitUntil('all entries are received', () => received.length === 3)
  expect(received).toEqual(['one', 'two', 'three'])
  expect(gaps).toEqual([])
})

test('continues at its position after its connection broke, and reports the gap', async () => {
  await add('one')
  await waitUntil('the first entry is received', () => received.length === 1)
  await breakConnection()
  await add('two')
  proxy.setMode({ kind: 'pass' })
  await waitUntil('the second entry is received', () => received.length === 2)
  expect(received).toEqual(['one', 'two'])
})

test('reads a recreated stream from its start, even if the ids are lower than before', async () => {
  await add('one')
  await waitUntil('the first entry is received', () => received.length === 1)
  await breakConnection()
  await redis.del(key)
  await add('two', '1-1')
  proxy.setMode({ kind: 'pass' })
  await waitUntil('the second entry is received', () => received.length === 2)
  await add('three', '1-2')
  await waitUntil('the third entry is received', () => received.length === 3)
  expect(received).toEqual(['one', 'two', 'three'])
})

test('continues after an entry whose handler throws', async () => {
  await add(throwingText)
  await add('next')
  await waitUntil('the next entry is received', () => received.length === 1)
  expect(received).toEqual(['next'])
  expect(gaps).toHaveLength(1)
})

test('closes its connections when it is closed, also while it cannot connect', async () => {
  await breakConnection()
  await reader.close()
  await waitUntil('no connection is left', () => proxy.connections() === 0)
})

test('ids are compared by time, then by number', () => {
  expect(isBefore('9-9', '10-0')).toBe(true)
  expect(isBefore('10-0', '10-1')).toBe(true)
  expect(isBefore('10-1', '10-1')).toBe(false)
  expect(isBefore('11-0', '10-5')).toBe(false)
})
