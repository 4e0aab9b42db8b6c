import {
  reExportRefusal,
  resendRefusal,
  type ReplayableDelivery,
  type ReplayRefusal,
} from '@ghostpost/delivery/operations'
import { describe, expect, test } from 'vitest'

const failed: ReplayableDelivery = { state: 'failed', hasPayload: true, hasVisitor: true, target: 'enabled' }
const person = { by: 'person', isDuplicateConfirmed: false } as const
const operation = { by: 'operation' } as const

type Refusals = [asPerson: ReplayRefusal | null, asOperation: ReplayRefusal | null]

describe('resendRefusal for a person and for an operation', () => {
  test.each<[string, Partial<ReplayableDelivery>, Refusals]>([
    ['a failed delivery', {}, [null, null]],
    ['a cancelled delivery', { state: 'cancelled' }, [null, null]],
    ['a delivered delivery', { state: 'delivered' }, ['confirmation_needed', null]],
    ['a waiting delivery', { state: 'retrying' }, ['unfinished', 'unfinished']],
    ['a delivery in progress', { state: 'delivering' }, ['unfinished', 'unfinished']],
    ['a pruned payload', { hasPayload: false }, ['payload_gone', 'payload_gone']],
    ['a missing visitor', { hasVisitor: false }, [null, null]],
    ['a deleted destination', { target: 'none' }, ['destination_gone', 'destination_gone']],
    ['a disabled destination', { target: 'disabled' }, ['destination_disabled', 'destination_disabled']],
    ['a paused destination', { target: 'paused' }, [null, 'destination_paused']],
  ])('%s', (_what, changes, refusals) => {
    const delivery = { ...failed, ...changes }
    expect([resendRefusal(delivery, person), resendRefusal(delivery, operation)]).toEqual(refusals)
  })

  test('a delivered delivery may be resent once the duplicate is confirmed', () => {
    const confirmed = { by: 'person', isDuplicateConfirmed: true } as const
    expect(resendRefusal({ ...failed, state: 'delivered' }, confirmed)).toBeNull()
  })
})

describe('reExportRefusal for a person and for an operation', () => {
  test.each<[string, Partial<ReplayableDelivery>, Refusals]>([
    ['a delivered delivery', { state: 'delivered' }, [null, null]],
    ['a waiting delivery', { state: 'retrying' }, [null, 'unfinished']],
    ['a pruned payload', { hasPayload: false }, [null, null]],
    ['a missing visitor', { hasVisitor: false }, ['visitor_gone', 'visitor_gone']],
    ['a deleted destination', { target: 'none' }, ['destination_gone', 'destination_gone']],
    ['a disabled destination', { target: 'disabled' }, ['destination_disabled', 'destination_disabled']],
    ['a paused destination', { target: 'paused' }, [null, 'destination_paused']],
  ])('%s', (_what, changes, refusals) => {
    const delivery = { ...failed, ...changes }
    expect([reExportRefusal(delivery, person), reExportRefusal(delivery, operation)]).toEqual(refusals)
  })
})
