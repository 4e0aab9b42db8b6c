import {
  attemptDelivery,
  type AttemptSettings,
  type InterruptedClaim,
  type Outcome,
} from '@ghostpost/delivery/deliver'
import { describe, expect, test } from 'vitest'
import { interruptedClaim, memoryPorts, now, response200, type MemoryPorts } from './memory-ports.ts'

const settings: AttemptSettings = {
  retryScheduleMs: [0, 5_000, 300_000],
  repeatUnknownOutcomes: false,
  attemptTimeoutMs: 10_000,
  claimMs: 30_000,
  publicUrl: 'https://analytics.ghostid.ai',
  userAgent: 'Ghostpost/1.2.3 (+https://example.com)',
}

const response503: Outcome = { ...response200, status: 503 }
const unknown: Outcome = { kind: 'timed_out', phase: 'answer' }

describe('a first attempt', () => {
  test('claims, stores the payload, sends and records', async () => {
    const ports = memoryPorts()
    const result = await attemptDelivery('delivery-1', ports, settings)
    expect(ports.steps).toEqual(['claim', 'store', 'send', 'record'])
    expect(result).toMatchObject({ kind: 'settled', settlement: { state: 'delivered', attempts: 1 } })
  })

  test('sends the stored payload, which an earlier worker may have built', async () => {
    const ports = memoryPorts({ storedPayload: '{"earlier":true}' })
    await attemptDelivery('delivery-1', ports, settings)
    expect(ports.sent[0]?.body).toBe('{"earlier":true}')
  })

  test('identifies itself and the delivery to a custom receiver', async () => {
    const ports = memoryPorts()
    await attemptDelivery('delivery-1', ports, settings)
    expect(ports.sent[0]).toMatchObject({
      url: new URL('https://example.com/hooks/leads'),
      freshConnection: false,
      headers: {
        'content-type': 'application/json',
        'user-agent': settings.userAgent,
      },
      signing: { id: 'delivery-1', timestamp: now.getTime() / 1_000, secrets: [] },
    })
  })

  test('sends a chat message without webhook headers over a new connection', async () => {
    const ports = memoryPorts({ claim: { webhookType: 'slack' } })
    await attemptDelivery('delivery-1', ports, settings)
    expect(ports.sent[0]?.freshConnection).toBe(true)
    expect(ports.sent[0]?.signing).toBeNull()
  })
})

describe('a later attempt', () => {
  test('sends the stored bytes without building them again', async () => {
    const ports = memoryPorts({ claim: { attemptNumber: 2, payload: '{"stored":true}' } })
    await attemptDelivery('delivery-1', ports, settings)
    expect(ports.steps).toEqual(['claim', 'send', 'record'])
    expect(ports.sent[0]?.body).toBe('{"stored":true}')
  })

  test('is signed with its own timestamp, the same id and the same bytes', async () => {
    const signed = []
    for (const [attemptNumber, seconds] of [
      [1, 0],
      [2, 5],
      [3, 300],
    ] as const) {
      const at = new Date(now.getTime() + seconds * 1_000)
      const ports = memoryPorts({ now: at, claim: { attemptNumber, payload: '{"stored":true}' } })
      await attemptDelivery('delivery-1', ports, settings)
      signed.push({ ...ports.sent[0]?.signing, body: ports.sent[0]?.body })
    }
    const first = now.getTime() / 1_000
    const same = { id: 'delivery-1', secrets: [], body: '{"stored":true}' }
    expect(signed).toEqual([0, 5, 300].map((seconds) => ({ ...same, timestamp: first + seconds })))
  })

  test('after an unknown outcome treats a duplicate refusal as neither delivered nor refused', async () => {
    const outcome: Outcome = { ...response200, status: 409 }
    const repeat = memoryPorts({ claim: { attemptNumber: 2, payload: '{}', mayBeRepeat: true }, outcome })
    const first = memoryPorts({ claim: { attemptNumber: 2, payload: '{}' }, outcome })
    await attemptDelivery('delivery-1', repeat, settings)
    await attemptDelivery('delivery-1', first, settings)
    const causes = [repeat, first].map(({ recorded: [attempt] }) =>
      attempt?.verdict.decision === 'give_up' ? attempt.verdict.failure.cause : null,
    )
    expect(causes).toEqual(['repeat_refused', 'conflict'])
  })

  test('that fails is recorded and then enqueued in the retry lane', async () => {
    const ports = memoryPorts({ claim: { attemptNumber: 2, payload: '{}' }, outcome: response503 })
    await attemptDelivery('delivery-1', ports, settings)
    expect(ports.steps).toEqual(['claim', 'send', 'record', 'enqueue'])
    expect(ports.enqueued).toMatchObject([
      {
        due: {
          deliveryId: 'delivery-1',
          siteId: 4,
          attemptsMade: 2,
          lane: 'retry',
          budget: '4:host:example.com',
        },
        delayMs: 300_000,
      },
    ])
    expect(ports.recorded[0]?.next).toEqual({ state: 'retrying', delayMs: 300_000, because: 'schedule' })
  })

  test('makes a dead letter when it is the last one and fails', async () => {
    const ports = memoryPorts({ claim: { attemptNumber: 3, payload: '{}' }, outcome: response503 })
    const result = await attemptDelivery('delivery-1', ports, settings)
    expect(result).toMatchObject({
      settlement: { state: 'failed' },
      attempt: { verdict: { decision: 'retry' } },
    })
    expect(ports.enqueued).toEqual([])
  })

  test('is scheduled after the wait that the receiver asks for', async () => {
    const outcome: Outcome = { ...response503, headers: { 'retry-after': '3600' } }
    const ports = memoryPorts({ outcome })
    await attemptDelivery('delivery-1', ports, settings)
    expect(ports.enqueued[0]?.delayMs).toBe(3_600_000)
  })
})

describe('an interrupted attempt', () => {
  const portsAfter = (changes: Partial<InterruptedClaim> = {}): MemoryPorts =>
    memoryPorts({ claimResult: { kind: 'interrupted', claim: interruptedClaim(changes) } })

  test('is recorded without a request, and the next one is due at once', async () => {
    const ports = portsAfter()
    const result = await attemptDelivery('delivery-1', ports, settings)
    expect(ports.steps).toEqual(['claim', 'record', 'enqueue'])
    expect(result).toMatchObject({
      settlement: { state: 'retrying' },
      attempt: { outcome: { kind: 'interrupted' }, verdict: { failure: { outcomeUnknown: true } } },
    })
    expect(ports.enqueued).toMatchObject([{ delayMs: 0 }])
  })

  test('that follows another one is retried on schedule', async () => {
    const ports = portsAfter({ attemptNumber: 2, interruptedBefore: true })
    await attemptDelivery('delivery-1', ports, settings)
    expect(ports.enqueued).toMatchObject([{ delayMs: 300_000 }])
  })

  test('counts as an attempt: the last one of the schedule makes a dead letter', async () => {
    const ports = portsAfter({ attemptNumber: 3 })
    expect(await attemptDelivery('delivery-1', ports, settings)).toMatchObject({
      settlement: { state: 'failed' },
    })
    expect(ports.enqueued).toEqual([])
  })

  test('that somebody else has recorded leaves nothing to do', async () => {
    const ports = memoryPorts({
      claimResult: { kind: 'interrupted', claim: interruptedClaim() },
      recordLost: true,
    })
    expect(await attemptDelivery('delivery-1', ports, settings)).toEqual({ kind: 'nothing_to_do' })
  })

  test('is recorded by a worker that is stopping, too', async () => {
    const ports = portsAfter({ webhookType: 'slack' })
    expect(await attemptDelivery('delivery-1', ports, settings, () => true)).toMatchObject({
      settlement: { state: 'failed' },
    })
    expect(ports.steps).toEqual(['claim', 'record'])
  })

  test.each(['slack', 'discord'] as const)('of a message to %s fails for good', async (webhookType) => {
    const ports = portsAfter({ webhookType })
    expect(await attemptDelivery('delivery-1', ports, settings)).toMatchObject({
      settlement: { state: 'failed' },
    })
  })

  test('of a message to a chat is retried where the setting allows it', async () => {
    const ports = portsAfter({ webhookType: 'slack' })
    const result = await attemptDelivery('delivery-1', ports, { ...settings, repeatUnknownOutcomes: true })
    expect(result).toMatchObject({ settlement: { state: 'retrying' } })
  })
})

describe('a saved destination', () => {
  const saved = {
    url: 'https://example.com/saved',
    headers: { authorization: 'Bearer secret' },
    signingSecrets: ['whsec_bmV3', 'whsec_b2xk'],
    credentials: null,
  }

  test('adds its headers and signing secrets to the request', async () => {
    const ports = memoryPorts({ claim: { target: saved, destinationId: 'destination-1' } })
    await attemptDelivery('delivery-1', ports, settings)
    expect(ports.sent[0]).toMatchObject({
      url: new URL('https://example.com/saved'),
      headers: { authorization: 'Bearer secret', 'content-type': 'application/json' },
      signing: { secrets: saved.signingSecrets },
    })
  })

  test('uses its own retry schedule', async () => {
    const ports = memoryPorts({
      claim: { target: saved, retryScheduleMs: [0, 60_000] },
      outcome: response503,
    })
    await attemptDelivery('delivery-1', ports, settings)
    expect(ports.enqueued[0]?.delayMs).toBe(60_000)
  })

  test('that is gone makes a dead letter with the cause destination_gone', async () => {
    const ports = memoryPorts({ claim: { target: null, destinationId: null } })
    expect(await attemptDelivery('delivery-1', ports, settings)).toMatchObject({
      settlement: { state: 'failed' },
      attempt: { outcome: { kind: 'destination_gone' }, verdict: { failure: { cause: 'destination_gone' } } },
    })
    expect(ports.sent).toEqual([])
  })

  test('is tested with a sample and without data of a visitor', async () => {
    const ports = memoryPorts({ claim: { sample: true } })
    await attemptDelivery('delivery-1', ports, settings)
    expect(ports.steps).not.toContain('read')
    expect(ports.sent[0]?.body).toContain('gv_sample_ghostpost_test')
    expect(ports.sent[0]?.body).not.toContain('jane@example.com')
  })
})

describe('attemptDelivery sends nothing', () => {
  test('for a delivery that is paused or not due', async () => {
    const ports = memoryPorts({ claimResult: { kind: 'wait', waitMs: 900 } })
    expect(await attemptDelivery('delivery-1', ports, settings)).toEqual({ kind: 'wait', waitMs: 900 })
    expect(ports.steps).toEqual(['claim'])
  })

  test('for a delivery that is finished', async () => {
    const ports = memoryPorts({ claimResult: { kind: 'nothing_to_do' } })
    expect(await attemptDelivery('delivery-1', ports, settings)).toEqual({ kind: 'nothing_to_do' })
  })

  test('after another worker has taken the claim over', async () => {
    const ports = memoryPorts({ storedPayload: null, releaseLost: true })
    expect(await attemptDelivery('delivery-1', ports, settings)).toEqual({
      kind: 'claim_lost',
      deliveryId: 'delivery-1',
      outcome: null,
    })
    expect(ports.sent).toEqual([])
  })

  test('when its claim expires before the payload is stored, and releases the claim', async () => {
    const ports = memoryPorts({ storedPayload: null })
    expect(await attemptDelivery('delivery-1', ports, settings)).toEqual({ kind: 'released' })
    expect(ports.steps).toEqual(['claim', 'store', 'release'])
  })

  test('when the payload cannot be stored, and releases the claim', async () => {
    const storeError = new Error('Connection terminated unexpectedly')
    const ports = memoryPorts({ storeError })
    await expect(attemptDelivery('delivery-1', ports, settings)).rejects.toThrow(storeError)
    expect(ports.steps).toEqual(['claim', 'release'])
    expect(ports.sent).toEqual([])
  })

  test('for a visitor that is gone and makes a dead letter', async () => {
    const ports = memoryPorts({ claim: { profile: null } })
    const result = await attemptDelivery('delivery-1', ports, settings)
    expect(ports.steps).toEqual(['claim', 'record'])
    expect(result).toMatchObject({
      settlement: { state: 'failed' },
      attempt: { outcome: { kind: 'visitor_gone' } },
    })
  })

  test('while its worker is stopping and releases the claim', async () => {
    const ports = memoryPorts()
    expect(await attemptDelivery('delivery-1', ports, settings, () => true)).toEqual({ kind: 'released' })
    expect(ports.steps).toEqual(['claim', 'store', 'release'])
  })

  test.each([
    ['releases the claim', false, { kind: 'released' }],
    ['reports the lost claim', true, { kind: 'claim_lost', deliveryId: 'delivery-1', outcome: null }],
  ])('when the claim could expire during the attempt and %s', async (_what, releaseLost, result) => {
    const ports = memoryPorts({ claim: { payload: '{}', ageMs: () => 20_001 }, releaseLost })
    expect(await attemptDelivery('delivery-1', ports, settings)).toEqual(result)
    expect(ports.steps).toEqual(['claim', 'release'])
  })
})

test('attemptDelivery sends when the attempt ends before the claim expires', async () => {
  const ports = memoryPorts({ claim: { payload: '{}', ageMs: () => 20_000 } })
  expect(await attemptDelivery('delivery-1', ports, settings)).toMatchObject({ kind: 'settled' })
})

test('an attempt that loses its claim while sending enqueues nothing', async () => {
  const ports = memoryPorts({ recordLost: true, outcome: response503 })
  expect(await attemptDelivery('delivery-1', ports, settings)).toMatchObject({
    kind: 'claim_lost',
    outcome: 'answered',
  })
  expect(ports.enqueued).toEqual([])
})

test('a response is recorded without the secrets of the request, and judged as it was', async () => {
  const url = 'https://hooks.slack.com/services/T0B0XYZ/no_service'
  const target = { url, headers: {}, signingSecrets: [], credentials: null }
  const outcome = { ...response200, status: 404, body: 'no_service', headers: { location: url } }
  const ports = memoryPorts({ claim: { webhookType: 'slack', target }, outcome })
  await attemptDelivery('delivery-1', ports, settings)
  const [attempt] = ports.recorded
  expect(attempt?.outcome).toMatchObject({ body: '•••', headers: { location: 'https://hooks.slack.com•••' } })
  expect(attempt?.verdict).toMatchObject({ failure: { cause: 'slack_no_service' } })
  expect(JSON.stringify(attempt?.outcome)).not.toContain('T0B0XYZ')
})

test('of headers that differ only in case one is sent', async () => {
  const headers = { 'X-Key': 'old', 'x-key': 'new', 'CONTENT-Type': 'text/plain' }
  const target = {
    url: 'https://example.com/',
    headers,
    signingSecrets: [],
    credentials: null,
  }
  const ports = memoryPorts({ claim: { target } })
  await attemptDelivery('delivery-1', ports, settings)
  const names = Object.keys(ports.sent[0]?.headers ?? {}).map((name) => name.toLowerCase())
  expect(names).toEqual([...new Set(names)])
})

test('an unknown outcome is retried where the receiver recognises a repeat', async () => {
  const ports = memoryPorts({ claim: { webhookType: 'hubspot' }, outcome: unknown })
  expect(await attemptDelivery('delivery-1', ports, settings)).toMatchObject({
    settlement: { state: 'retrying' },
  })
})
