import { describe, expect, test } from 'vitest'
import {
  deliveryStates,
  isFinished,
  isLegalMove,
  laneOf,
  lanes,
  legalMoves,
  type DeliveryState,
} from '../../src/deliver/delivery.ts'

const legal: readonly (readonly [DeliveryState, DeliveryState])[] = [
  ['queued', 'delivering'],
  ['queued', 'cancelled'],
  ['delivering', 'delivered'],
  ['delivering', 'retrying'],
  ['delivering', 'failed'],
  ['delivering', 'queued'],
  ['retrying', 'delivering'],
  ['retrying', 'delivered'],
  ['retrying', 'failed'],
  ['retrying', 'cancelled'],
  ['delivering', 'cancelled'],
  ['delivered', 'queued'],
  ['failed', 'queued'],
  ['failed', 'delivered'],
  ['failed', 'retrying'],
  ['cancelled', 'queued'],
]

const pairs = deliveryStates.flatMap((from) => deliveryStates.map((to) => [from, to] as const))

describe('a delivery', () => {
  test.each(pairs)('%s → %s is legal exactly if this test lists it', (from, to) => {
    expect(isLegalMove(from, to)).toBe(legal.some(([before, after]) => before === from && after === to))
  })

  test('is finished once delivered, failed or cancelled', () => {
    expect(deliveryStates.filter(isFinished)).toEqual(['delivered', 'failed', 'cancelled'])
  })

  test('leaves a finished state by a replay or a late outcome, and no move keeps its state', () => {
    const left = deliveryStates.filter(isFinished).flatMap((from) => legalMoves[from].map((to) => [from, to]))
    expect(left).toEqual([
      ['delivered', 'queued'],
      ['failed', 'queued'],
      ['failed', 'delivered'],
      ['failed', 'retrying'],
      ['cancelled', 'queued'],
    ])
    for (const state of deliveryStates) expect(isLegalMove(state, state)).toBe(false)
  })

  test('can reach every state from queued, and a finished state from every state', () => {
    expect(reachableFrom('queued')).toEqual(new Set(deliveryStates))
    for (const state of deliveryStates) expect([...reachableFrom(state)].some(isFinished)).toBe(true)
  })

  test('is delivered or failed only after delivering, and cancelled also without an attempt', () => {
    const before = (end: DeliveryState): DeliveryState[] =>
      deliveryStates.filter((state) => isLegalMove(state, end))
    // From retrying and failed: the late outcome of an attempt that was recorded as interrupted.
    expect(before('delivered').toSorted()).toEqual(['delivering', 'failed', 'retrying'])
    expect(before('failed').toSorted()).toEqual(['delivering', 'retrying'])
    expect(before('cancelled')).toEqual(['queued', 'delivering', 'retrying'])
  })
})

describe('the lane of a delivery', () => {
  test('is live for the first attempt and retry for all later ones', () => {
    expect([0, 1, 2, 9].map((made) => laneOf(made))).toEqual(['live', 'retry', 'retry', 'retry'])
    expect(lanes).toEqual(['live', 'retry', 'bulk'])
  })

  test('is bulk for all attempts of an operation', () => {
    expect([0, 1, 9].map((made) => laneOf(made, 'operation-1'))).toEqual(['bulk', 'bulk', 'bulk'])
  })
})

function reachableFrom(start: DeliveryState): Set<DeliveryState> {
  const seen = new Set<DeliveryState>([start])
  for (const state of seen) for (const next of legalMoves[state]) seen.add(next)
  return seen
}
