import {
  openFairQueue,
  openFairSlots,
  type FairQueueLimits,
  type WhileIdle,
} from '@ghostpost/delivery/sharing'
import { expect, test } from 'vitest'

const limits: FairQueueLimits = { concurrency: 2, waitingPerHolder: 100, waitingMax: 1_000 }

/** Work that ends when the test says so, and the order in which it started. */
function openWork() {
  const started: string[] = []
  const ends: (() => void)[] = []
  return {
    started,
    work: (name: string) => async (): Promise<string> => {
      started.push(name)
      await new Promise<void>((resolve) => void ends.push(resolve))
      return name
    },
    endNext: async () => {
      ends.shift()?.()
      await new Promise((resolve) => setImmediate(resolve))
    },
  }
}

test('runs at most so much work at once', async () => {
  const queue = openFairQueue(limits)
  const { started, work, endNext } = openWork()
  const all = ['a1', 'a2', 'a3'].map((name) => queue.run('a', work(name)))
  await Promise.resolve()
  expect(started).toEqual(['a1', 'a2'])
  expect([queue.running(), queue.waiting()]).toEqual([2, 1])
  for (let count = 0; count < 3; count += 1) await endNext()
  expect(await Promise.all(all)).toEqual([{ value: 'a1' }, { value: 'a2' }, { value: 'a3' }])
  expect([queue.running(), queue.waiting()]).toEqual([0, 0])
})

test('takes waiting work from one holder after another', async () => {
  const queue = openFairQueue({ ...limits, concurrency: 1 })
  const { started, work, endNext } = openWork()
  for (const name of ['a1', 'a2', 'a3', 'a4']) void queue.run('a', work(name))
  for (const name of ['b1', 'b2']) void queue.run('b', work(name))
  void queue.run('c', work('c1'))
  for (let count = 0; count < 7; count += 1) await endNext()
  expect(started).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3', 'a4'])
})

test('leaves slots to others when a holder may run less than all', async () => {
  const queue = openFairQueue({ ...limits, perHolder: 1 })
  const { started, work } = openWork()
  for (const name of ['a1', 'a2']) void queue.run('a', work(name))
  void queue.run('b', work('b1'))
  await Promise.resolve()
  expect(started).toEqual(['a1', 'b1'])
})

test('refuses work of a holder that has too much waiting, and only of that one', async () => {
  const queue = openFairQueue({ concurrency: 1, waitingPerHolder: 1, waitingMax: 2 })
  const { started, work, endNext } = openWork()
  void queue.run('a', work('a1'))
  void queue.run('a', work('a2'))
  expect(await queue.run('a', work('a3'))).toBeNull()
  void queue.run('b', work('b1'))
  expect(await queue.run('c', work('c1'))).toBeNull()
  await endNext()
  expect(started).toEqual(['a1', 'b1'])
})

test('frees the slot of work that fails', async () => {
  const queue = openFairQueue({ ...limits, concurrency: 1 })
  await expect(queue.run('a', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  expect(await queue.run('a', async () => 1)).toEqual({ value: 1 })
})

test('other work runs while work is idle', async () => {
  const queue = openFairQueue({ ...limits, concurrency: 1 })
  const { started, work, endNext } = openWork()
  const idle = (name: string) => (whileIdle: WhileIdle) => whileIdle(work(name))
  void queue.run('a', idle('a1'))
  void queue.run('a', idle('a2'))
  await Promise.resolve()
  expect(started).toEqual(['a1', 'a2'])
  expect(queue.running()).toBe(0)
  await endNext()
  await endNext()
  expect(queue.running()).toBe(0)
})

test('a holder whose idle work uses its share up waits, and others do not', async () => {
  const queue = openFairQueue({ ...limits, slots: openFairSlots(10) })
  const { started, work, endNext } = openWork()
  for (const name of ['a1', 'a2', 'a3', 'a4']) void queue.run('a', (whileIdle) => whileIdle(work(name)))
  await Promise.resolve()
  expect(started).toEqual(['a1', 'a2'])
  expect([queue.waiting('a'), queue.waiting('b')]).toEqual([2, 0])
  void queue.run('b', work('b1'))
  await Promise.resolve()
  expect(started).toEqual(['a1', 'a2', 'b1'])
  await endNext()
  expect(started).toEqual(['a1', 'a2', 'b1', 'a3'])
})
