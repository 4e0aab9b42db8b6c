import { openLogger } from '@ghostpost/infrastructure/telemetry'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { expect, test } from 'vitest'
import { repeatEvery } from '../../src/periodic/repeat-every.ts'

const log = openLogger('test', 'silent')

test('runs repeatedly, and never twice at the same time', async () => {
  let running = 0
  let maxRunning = 0
  let runs = 0
  const task = repeatEvery('work', 1, log, async () => {
    running += 1
    maxRunning = Math.max(maxRunning, running)
    await new Promise((resolve) => setImmediate(resolve))
    running -= 1
    runs += 1
  })
  await waitUntil('it ran five times', () => runs >= 5)
  await task.stop()
  expect(maxRunning).toBe(1)
})

test('continues after a run that failed', async () => {
  let runs = 0
  const task = repeatEvery('work', 1, log, async () => {
    runs += 1
    if (runs === 1) throw new Error('the database is down')
  })
  await waitUntil('it ran again', () => runs >= 2)
  await task.stop()
  expect(runs).toBeGreaterThanOrEqual(2)
})

test('stopping waits for the current run and starts no other', async () => {
  const { promise: blocked, resolve: release } = Promise.withResolvers<void>()
  let finished = 0
  const task = repeatEvery('work', 1, log, async () => {
    await blocked
    finished += 1
  })
  const stopped = task.stop()
  release()
  await stopped
  expect(finished).toBe(1)
})
