import { describe, expect, test } from 'vitest'
import { openDatabaseClock } from '../../../src/database/connection/database-clock.ts'

describe('the database’s clock', () => {
  const ownMs = Date.parse('2026-11-30T12:10:00Z')
  const databaseMs = Date.parse('2026-11-30T12:00:00Z')
  let monotonicMs = 0
  const open = (): ReturnType<typeof openDatabaseClock> =>
    openDatabaseClock(
      () => monotonicMs,
      () => ownMs,
    )
  const timeOf = (clock: ReturnType<typeof openDatabaseClock>): string => clock.now().toISOString()

  test('is this process’s clock before the first observation', () => {
    expect(timeOf(open())).toBe('2026-11-30T12:10:00.000Z')
  })

  test('goes on from the time last observed, however wrong this process’s clock is', () => {
    const clock = open()
    clock.observe(databaseMs)
    monotonicMs += 2_500
    expect(timeOf(clock)).toBe('2026-11-30T12:00:02.500Z')
  })

  test('does not jump with the time that responses take', () => {
    const clock = open()
    clock.observe(databaseMs)
    monotonicMs += 1_000
    clock.observe(databaseMs + 700)
    expect(timeOf(clock)).toBe('2026-11-30T12:00:01.000Z')
  })

  test('follows the database when its clock is set', () => {
    const clock = open()
    clock.observe(databaseMs)
    clock.observe(databaseMs + 3_600_000)
    expect(timeOf(clock)).toBe('2026-11-30T13:00:00.000Z')
  })
})
