import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { feedOperation } from '../../src/operations/feed-operation.ts'
import { membersPerStepMax } from '../../src/operations/operation-pace.ts'
import { memoryOperation, type MemoryOperation } from './memory-operation.ts'

async function feed({ operation, ports }: MemoryOperation): Promise<number> {
  return (await feedOperation(operation, ports)).length
}

const ids = (from: number, to: number): Set<string> =>
  new Set(Array.from({ length: to - from }, (_, index) => String(from + index).padStart(9, '0')))

describe('a step of a running operation', () => {
  test('starts as many members as the rate allows and keeps the rest of the credit', async () => {
    const memory = memoryOperation({ rate: 10, creditMs: 450 })
    expect(await feed(memory)).toBe(4)
    expect(memory.operation).toMatchObject({ fed: 4, allFed: false, creditMs: 50 })
  })

  test('starts nothing and stores nothing before the rate allows one member', async () => {
    const memory = memoryOperation({ rate: 1, creditMs: 900 })
    expect(await feed(memory)).toBe(0)
    expect(memory.operation).toMatchObject({ fed: 0, creditMs: 900 })
  })

  test('starts no more members than one step may, at any rate', async () => {
    const memory = memoryOperation({ rate: 10_000, matched: 5_000 })
    expect(await feed(memory)).toBe(membersPerStepMax)
  })

  test('looks past skipped members until enough others have started', async () => {
    const memory = memoryOperation({ rate: 10, matched: 40, skipped: ids(0, 30) })
    expect(await feed(memory)).toBe(5)
    expect([memory.count('skipped'), memory.operation.fed]).toEqual([30, 35])
  })

  test('ends after as many skipped members as one step may list', async () => {
    const memory = memoryOperation({ matched: 2_000, skipped: ids(0, 2_000) })
    expect(await feed(memory)).toBe(0)
    expect(memory.operation.fed).toBe(membersPerStepMax)
    expect(memory.operation.allFed).toBe(false)
  })

  test('stores the cursor of a search that found nothing within its bounds', async () => {
    const memory = memoryOperation({ matched: 40 })
    memory.ports.findMembers = async () => ({ members: [], cursor: 'further', isEnd: false })
    expect(await feed(memory)).toBe(0)
    expect(memory.operation).toMatchObject({ cursor: 'further', fed: 0, allFed: false })
  })
})

describe('the end of an operation', () => {
  test('comes when every member is listed and has settled', async () => {
    const memory = memoryOperation({ matched: 3 })
    expect(await feed(memory)).toBe(3)
    expect(memory.operation.allFed).toBe(true)
    expect(await feed(memory)).toBe(0)
    expect(memory.ended()).toBeNull()
    memory.settleAll(() => 'delivered')
    await feed(memory)
    expect(memory.ended()).toBe('completed')
  })

  test('comes when fewer members match than the plan found', async () => {
    const memory = memoryOperation({ matched: 10, members: 4 })
    expect(await feed(memory)).toBe(4)
    expect(memory.operation).toMatchObject({ fed: 4, allFed: true })
  })

  test('comes when no member matches any more', async () => {
    const memory = memoryOperation({ matched: 10, members: 0 })
    expect(await feed(memory)).toBe(0)
    await feed(memory)
    expect(memory.ended()).toBe('completed')
  })

  test('starts no member of an empty plan, although one matches since', async () => {
    const memory = memoryOperation({ matched: 0, members: 1 })
    expect(await feed(memory)).toBe(0)
    await feed(memory)
    expect([memory.ledger, memory.ended()]).toEqual([[], 'completed'])
  })

  test('leaves out members that match only since the plan was made', async () => {
    const memory = memoryOperation({ matched: 4, members: 10 })
    expect(await feed(memory)).toBe(4)
    expect(memory.operation.allFed).toBe(true)
  })
})

describe('a canary', () => {
  test('starts ten members, and no others before each of them was attempted', async () => {
    const memory = memoryOperation({ canary: 'pending', skipped: ids(0, 12) })
    expect(await feed(memory)).toBe(10)
    expect(memory.operation.canary).toBe('running')
    expect(await feed(memory)).toBe(0)
    expect(memory.operation.canary).toBe('running')
  })

  test('that started in part starts its other members in the next step', async () => {
    const memory = memoryOperation({ canary: 'pending', rate: 8 })
    expect(await feed(memory)).toBe(4)
    expect(memory.operation.canary).toBe('pending')
    memory.operation.creditMs = 10_000
    expect(await feed(memory)).toBe(4)
    memory.operation.creditMs = 10_000
    expect(await feed(memory)).toBe(2)
    expect(memory.operation.canary).toBe('running')
  })

  test('is complete when fewer than ten members are left to start', async () => {
    const memory = memoryOperation({ canary: 'pending', matched: 12, skipped: ids(0, 8) })
    expect(await feed(memory)).toBe(4)
    expect(memory.operation).toMatchObject({ canary: 'running', allFed: true })
  })

  test('passes when no more than one in five fails, and the other members start', async () => {
    const memory = memoryOperation({ canary: 'pending' })
    await feed(memory)
    memory.settleAll((_line, index) => (index < 2 ? 'failed' : 'delivered'))
    await feed(memory)
    expect([memory.operation.canary, memory.pauseReason()]).toEqual(['passed', null])
    memory.operation.creditMs = 500
    expect(await feed(memory)).toBe(30)
  })

  test('fails when more than one in five fails, and pauses the operation with the reason', async () => {
    const memory = memoryOperation({ canary: 'pending' })
    await feed(memory)
    memory.settleAll((_line, index) => (index < 3 ? 'failed' : 'delivered'))
    await feed(memory)
    expect(memory.operation.canary).toBe('failed')
    expect(memory.pauseReason()).toBe('canary: 3 of the first 10 failed')
  })

  test('counts a member that waits for its retry as failed', async () => {
    const memory = memoryOperation({ canary: 'pending' })
    await feed(memory)
    memory.settleAll(() => 'waiting')
    await feed(memory)
    expect(memory.pauseReason()).toBe('canary: 10 of the first 10 failed')
  })
})

describe('a cancelled operation', () => {
  test('cancels its waiting members in bounded steps and then ends', async () => {
    const memory = memoryOperation({ rate: 10_000, matched: 900 })
    await feed(memory)
    memory.operation.creditMs = 500
    await feed(memory)
    memory.operation.state = 'cancelled'
    expect(await feed(memory)).toBe(0)
    expect([memory.count('cancelled'), memory.ended()]).toEqual([membersPerStepMax, null])
    await feed(memory)
    expect([memory.count('waiting'), memory.ended()]).toEqual([0, 'cancelled'])
  })

  test('lists the members that it never began, so that the ledger accounts for all', async () => {
    const memory = memoryOperation({ rate: 10, matched: 1_200 })
    expect(await feed(memory)).toBe(5)
    memory.settleAll(() => 'delivered')
    memory.operation.state = 'cancelled'
    for (let step = 0; step < 3; step += 1) await feed(memory)
    expect([memory.count('delivered'), memory.count('cancelled')]).toEqual([5, 1_195])
    expect([memory.operation.fed, memory.ended()]).toEqual([1_200, 'cancelled'])
  })

  test('waits for a running attempt, which may schedule a retry, and cancels that retry', async () => {
    const memory = memoryOperation({ matched: 5 })
    await feed(memory)
    memory.operation.state = 'cancelled'
    memory.sending.add('000000002')
    await feed(memory)
    expect([memory.count('cancelled'), memory.ended()]).toEqual([4, null])
    memory.settleAll(() => 'waiting')
    memory.sending.clear()
    await feed(memory)
    expect([memory.count('cancelled'), memory.ended()]).toEqual([5, 'cancelled'])
  })
})

test('in any order of skips, failures and page sizes the ledger lists each member once and adds up', async () => {
  const options = fc.record({
    rate: fc.integer({ min: 1, max: 10_000 }),
    matched: fc.integer({ min: 0, max: 300 }),
    members: fc.integer({ min: 0, max: 300 }),
    scanMax: fc.integer({ min: 1, max: 50 }),
    canary: fc.constantFrom('off' as const, 'pending' as const),
    skipped: fc.uniqueArray(fc.integer({ min: 0, max: 300 })),
  })
  await fc.assert(
    fc.asyncProperty(options, async ({ skipped, ...given }) => {
      const skippedIds = new Set(skipped.map((index) => String(index).padStart(9, '0')))
      const memory = memoryOperation({ ...given, skipped: skippedIds })
      for (let step = 0; step < 2_000 && memory.ended() === null; step += 1) {
        memory.operation.creditMs += 250
        await feed(memory)
        memory.settleAll(() => 'delivered')
      }
      const listed = Math.min(given.matched, given.members)
      expect(memory.ended()).toBe('completed')
      expect(memory.ledger).toHaveLength(listed)
      expect(new Set(memory.ledger.map(({ memberId }) => memberId)).size).toBe(listed)
      expect(memory.count('delivered') + memory.count('skipped')).toBe(listed)
    }),
    { numRuns: 50 },
  )
})
