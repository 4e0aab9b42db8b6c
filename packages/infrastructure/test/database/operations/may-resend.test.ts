import { deliveryStates, type DeliveryState } from '@ghostpost/delivery/deliver'
import { reExportRefusal, resendRefusal, type ReplayableDelivery } from '@ghostpost/delivery/operations'
import { findReplayable } from '@ghostpost/infrastructure/database/log'
import { createUser } from '@ghostpost/test-kit/accounts'
import { createTestDatabase, type TestDatabase } from '@ghostpost/test-kit/test-database'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { byIds, operationFixture, type OperationFixture } from './operation-fixtures.ts'

let database: TestDatabase
let fixture: OperationFixture
/** Every combination of state, stored payload, visitor and target, by the delivery's id. */
const cases = new Map<string, ReplayableDelivery>()

beforeAll(async () => {
  database = await createTestDatabase()
  const user = await createUser(database, [4])
  fixture = operationFixture(database, user.id)
  for (const target of ['url', 'enabled', 'paused', 'disabled', 'none'] as const) {
    const isSaved = target !== 'url' && target !== 'none'
    const destinationId = isSaved ? await fixture.destination(target) : null
    for (const [state, hasPayload, hasVisitor] of combinations()) {
      const [id = ''] = await fixture.insertDeliveries({
        state,
        destinationId,
        ...(target === 'none' && { url: null }),
        ...(!hasPayload && { payload: null }),
        ...(!hasVisitor && { vid: 'gv_gone' }),
      })
      cases.set(id, { state, hasPayload, hasVisitor, target: target === 'url' ? 'enabled' : target })
    }
  }
})

afterAll(() => database.drop())

function* combinations(): Generator<[state: DeliveryState, hasPayload: boolean, hasVisitor: boolean]> {
  for (const state of deliveryStates)
    for (const hasPayload of [true, false])
      for (const hasVisitor of [true, false]) yield [state, hasPayload, hasVisitor]
}

async function skipReasonOf(kind: 'resend' | 're_export', id: string): Promise<string | null> {
  const { will_skip } = await fixture.plan(kind, byIds(id))
  return will_skip[0]?.reason ?? null
}

test('findReplayable reads the facts of every combination', async () => {
  for (const [id, facts] of cases) expect(await findReplayable(database, id)).toEqual(facts)
})

test('the plan of a resend skips exactly the deliveries that resendRefusal refuses', async () => {
  for (const [id, facts] of cases) {
    const skipped = { ...facts, reason: await skipReasonOf('resend', id) }
    expect(skipped).toEqual({ ...facts, reason: resendRefusal(facts, { by: 'operation' }) })
  }
})

test('the plan of a re-export skips exactly the deliveries that reExportRefusal refuses', async () => {
  for (const [id, facts] of cases) {
    const skipped = { ...facts, reason: await skipReasonOf('re_export', id) }
    expect(skipped).toEqual({ ...facts, reason: reExportRefusal(facts, { by: 'operation' }) })
  }
})
