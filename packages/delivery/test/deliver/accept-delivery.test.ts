import {
  acceptDelivery,
  type AcceptPorts,
  type ExportRequest,
  type SaveResult,
} from '@ghostpost/delivery/deliver'
import { expect, test } from 'vitest'

const request: ExportRequest = {
  userId: 'user-1',
  siteId: 4,
  ghostVid: 'gv_1',
  webhookType: 'custom',
  receiverUrl: new URL('https://example.com/hooks'),
  receiverHost: 'example.com',
  receiverScheme: 'https',
  destinationId: null,
  includeJourney: true,
  includeEvents: true,
  idempotency: null,
}

interface PortOverrides {
  saved?: SaveResult | Error
  rung?: boolean
}

function ports({ saved = { kind: 'saved' }, rung: enqueued = true }: PortOverrides = {}) {
  const steps: string[] = []
  const accept: AcceptPorts = {
    newId: () => 'new-id',
    save: async ({ id, receiverUrl }) => {
      steps.push(`save ${id} ${receiverUrl}`)
      if (saved instanceof Error) throw saved
      return saved
    },
    enqueue: async ({ deliveryId, lane }) => (steps.push(`ring ${deliveryId} ${lane}`), enqueued),
    subscribeToSettlement: (id) => {
      steps.push(`expect ${id}`)
      return { waitFor: async () => null, cancel: () => void steps.push(`dismiss ${id}`) }
    },
  }
  return { accept, steps }
}

test('listens before it saves, and rings only after it has saved', async () => {
  const { accept, steps } = ports()
  expect(await acceptDelivery(request, accept)).toMatchObject({ kind: 'accepted', deliveryId: 'new-id' })
  expect(steps).toEqual(['expect new-id', 'save new-id https://example.com/hooks', 'ring new-id live'])
})

test('accepts although the bell cannot be rung', async () => {
  const { accept } = ports({ rung: false })
  expect(await acceptDelivery(request, accept)).toMatchObject({ kind: 'accepted' })
})

test.each([{ kind: 'site_not_found' }, { kind: 'visitor_not_found' }] as const)(
  'rings for nothing: $kind',
  async (saved) => {
    const { accept, steps } = ports({ saved })
    expect(await acceptDelivery(request, accept)).toEqual(saved)
    expect(steps.slice(2)).toEqual(['dismiss new-id'])
  },
)

test('a repeat under the same key waits for the first delivery and rings no second time', async () => {
  const { accept, steps } = ports({ saved: { kind: 'already_saved', deliveryId: 'first-id' } })
  expect(await acceptDelivery(request, accept)).toMatchObject({
    kind: 'already_accepted',
    deliveryId: 'first-id',
  })
  expect(steps.slice(2)).toEqual(['dismiss new-id', 'expect first-id'])
})

test('another request under the same key is refused', async () => {
  const { accept, steps } = ports({ saved: { kind: 'idempotency_conflict' } })
  expect(await acceptDelivery(request, accept)).toEqual({ kind: 'idempotency_conflict' })
  expect(steps.at(-1)).toBe('dismiss new-id')
})

test('stops listening when it cannot save', async () => {
  const { accept, steps } = ports({ saved: new Error('the database is away') })
  await expect(acceptDelivery(request, accept)).rejects.toThrow('the database is away')
  expect(steps.at(-1)).toBe('dismiss new-id')
})
