import { expect, test } from 'vitest'
import { preferredWait } from '../src/routes/webhook/respond-to-export.ts'

test.each([
  [undefined, 10_000, null],
  ['', 10_000, null],
  ['respond-async', 0, 'respond-async'],
  ['Respond-Async', 0, 'respond-async'],
  ['wait=5', 5_000, 'wait=5'],
  ['wait=0', 0, 'wait=0'],
  ['wait=31', 30_000, 'wait=30'],
  ['wait=999999999', 30_000, 'wait=30'],
  ['respond-async, wait=3', 3_000, 'wait=3'],
  ['wait="7"', 7_000, 'wait=7'],
  ['wait=-1', 10_000, null],
  ['wait=1.5', 10_000, null],
  ['wait=soon', 10_000, null],
  ['return=minimal', 10_000, null],
])('Prefer: %s waits %i ms', (prefer, ms, applied) => {
  expect(preferredWait(prefer, 10_000)).toEqual({ ms, applied })
})
