import {
  acceptDelivery,
  dueDeliveryOf,
  type AcceptPorts,
  type DueDelivery,
  type ExportRequest,
} from '@ghostpost/delivery/deliver'
import { expect, test } from 'vitest'

type SaveResult = Awaited<ReturnType<AcceptPorts['save']>>

const request: ExportRequest = {
  userId: 'user-1',
  siteId: 4,
  ghostVid: 'gv_1',
  webhookType: 'custom',
  receiverUrl: 'https://example.com/hooks',
  receiverHost: 'example.com',
  receiverScheme: 'https',
  webhookKey: null,
  destinationId: null,
  includeJourney: true,
  includeEvents: true,
  idempotency: null,
}

const due: DueDelivery = dueDeliveryOf({
  ...request,
  deliveryId: 'new-id',
  operationId: null,
  attemptsMade: 0,
  seriesStart: 0,
})

interface PortOverrides {
  saved?: SaveResult | Error
  enqueued?: boolean
}

function ports({ saved = { kind: 'saved', due }, enqueued = true }: PortOverrides = {}) {
  const steps: string[] = []
  const accept: AcceptPorts = {
    newId: () => 'new-id',
    save: async ({ id, receiverUrl }) => {
      steps.push(`save ${id} ${receiverUrl}`)
      if (saved instanceof Error) throw saved
      return saved
    },
    enqueue: async ({ deliveryId, lane }) => (steps.push(`enqueue ${deliveryId} ${lane}`), enqueued),
    subscribeToSettlement: (id) => {
      steps.push(`subscribe ${id}`)
      return { waitFor: async () => null, cancel: () => void steps.push(`cancel ${id}`) }
    },
  }
  return { accept, steps }
}

test('acceptDelivery subscribes before it saves and enqueues only after it has saved', async () => {
  const { accept, steps } = ports()
  expect(await acceptDelivery(request, accept)).toMatchObject({ kind: 'accepted', due })
  expect(steps).toEqual(['subscribe new-id', 'save new-id https://example.com/hooks', 'enqueue new-id live'])
})

test('acceptDelivery accepts a delivery that could not be enqueued', async () => {
  const { accept } = ports({ enqueued: false })
  expect(await acceptDelivery(request, accept)).toMatchObject({ kind: 'accepted' })
})

test.each([{ kind: 'site_not_found' }, { kind: 'visitor_not_found' }] as const)(
  'acceptDelivery enqueues nothing for $kind',
  async (saved) => {
    const { accept, steps } = ports({ saved })
    expect(await acceptDelivery(request, accept)).toEqual(saved)
    expect(steps.slice(2)).toEqual(['cancel new-id'])
  },
)

test('a repeat under the same key waits for the first delivery and enqueues nothing', async () => {
  const { accept, steps } = ports({ saved: { kind: 'already_saved', deliveryId: 'first-id' } })
  expect(await acceptDelivery(request, accept)).toMatchObject({
    kind: 'already_accepted',
    deliveryId: 'first-id',
  })
  expect(steps.slice(2)).toEqual(['cancel new-id', 'subscribe first-id'])
})

test('another request under the same key is refused', async () => {
  const { accept, steps } = ports({ saved: { kind: 'idempotency_conflict' } })
  expect(await acceptDelivery(request, accept)).toEqual({ kind: 'idempotency_conflict' })
  expect(steps.at(-1)).toBe('cancel new-id')
})

test('acceptDelivery stops listening when it cannot save', async () => {
  const { accept, steps } = ports({ saved: new Error('the database is unavailable') })
  await expect(acceptDelivery(request, accept)).rejects.toThrow('the database is unavailable')
  expect(steps.at(-1)).toBe('cancel new-id')
})
