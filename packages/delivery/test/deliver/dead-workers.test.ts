import { trackFreeLocks } from '@ghostpost/delivery/deliver'
import { describe, expect, test } from 'vitest'

describe('a worker', () => {
  test('is dead when its lock was free at three looks in a row', () => {
    const look = trackFreeLocks()
    expect([look(['one']), look(['one', 'two']), look(['one', 'two'])]).toEqual([[], [], ['one']])
    expect(look(['one', 'two'])).toEqual(['one', 'two'])
  })

  test('lives when it has its lock again in between, or when a look failed', () => {
    const look = trackFreeLocks()
    expect([look(['one']), look(['one']), look([]), look(['one']), look(['one'])].flat()).toEqual([])
  })
})
