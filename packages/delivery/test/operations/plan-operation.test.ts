import { describe, expect, test } from 'vitest'
import { planOperation, type PlanRequest } from '../../src/operations/plan-operation.ts'
import type {
  MemberGroup,
  NewPlan,
  PlanPorts,
  SelectedMembers,
  SkipCount,
} from '../../src/operations/ports.ts'

const now = new Date('2026-11-26T10:00:00.001Z')

const group = (changes: Partial<MemberGroup> = {}): MemberGroup => ({
  webhookType: 'custom',
  cause: 'receiver_error',
  state: 'failed',
  destinationId: null,
  receiverHost: 'hooks.example.com',
  count: 1,
  ...changes,
})

interface Selected {
  from?: SelectedMembers['from']
  groups?: readonly MemberGroup[]
  skips?: readonly SkipCount[]
  unknownOutcomes?: number
}

const crmId = '0193aaaa-0000-7000-8000-000000000001'

/** Plans with ports in memory. Also returns what was stored, and what was asked. */
async function plan(selected: Selected | null, changes: Partial<PlanRequest> = {}) {
  const stored: NewPlan[] = []
  const asked: unknown[] = []
  const ports: PlanPorts = {
    readClock: async () => now,
    selectMembers: async (watermark) => {
      asked.push(['members', watermark])
      if (selected === null) return null
      const { from = 'deliveries', groups = [], skips = [], unknownOutcomes = 0 } = selected
      return {
        from,
        countGroups: async () => groups,
        countSkips: async (limit, withSuperseded) => {
          asked.push(['skips', limit, withSuperseded])
          return skips
        },
        countUnknownOutcomes: async (_limit, types) => {
          asked.push(['unknown outcomes', types])
          return unknownOutcomes
        },
      }
    },
    findDestinations: async (ids) =>
      ids.includes(crmId) ? [{ id: crmId, name: 'the CRM', receiverHost: 'crm.example.com' }] : [],
    storePlan: async (newPlan) => void stored.push(newPlan),
  }
  const request: PlanRequest = {
    kind: 'resend',
    destinationId: null,
    includeRecovered: false,
    rate: undefined,
    canary: true,
    ...changes,
  }
  return { ...(await planOperation(request, ports)), stored, asked }
}

describe('a plan', () => {
  test('sums its groups by type, by cause and by receiver, the most first', async () => {
    const found = await plan({
      groups: [
        group({ count: 3, cause: 'timed_out' }),
        group({ count: 2, webhookType: 'hubspot', destinationId: crmId }),
        group({ count: 9, webhookType: 'slack', receiverHost: 'hooks.slack.com' }),
      ],
    })
    expect(found).toMatchObject({
      matched: 14,
      capped: false,
      byType: [
        { webhookType: 'slack', count: 9 },
        { webhookType: 'custom', count: 3 },
        { webhookType: 'hubspot', count: 2 },
      ],
      byCause: [
        { cause: 'receiver_error', count: 11 },
        { cause: 'timed_out', count: 3 },
      ],
      byReceiver: [
        { receiver: 'hooks.slack.com', destinationId: null, destinationName: null, count: 9 },
        { receiver: 'hooks.example.com', destinationId: null, destinationName: null, count: 3 },
        { receiver: 'crm.example.com', destinationId: crmId, destinationName: 'the CRM', count: 2 },
      ],
    })
  })

  test('shows twenty receivers at most', async () => {
    const groups = Array.from({ length: 30 }, (_, index) => group({ receiverHost: `${index}.example.com` }))
    expect((await plan({ groups })).byReceiver).toHaveLength(20)
  })

  test('sends every member to the destination that the request names', async () => {
    const found = await plan(
      { groups: [group({ count: 5 }), group({ count: 2, destinationId: 'another' })] },
      { kind: 're_export', destinationId: crmId },
    )
    expect(found.byReceiver).toEqual([
      { receiver: 'crm.example.com', destinationId: crmId, destinationName: 'the CRM', count: 7 },
    ])
  })

  test('excludes what is newer than the database’s clock, and stores that time as its watermark', async () => {
    const { asked, stored, expiresAt } = await plan({ groups: [group()] })
    expect(asked).toContainEqual(['members', now])
    expect(stored).toMatchObject([{ watermark: now, matched: 1 }])
    expect(expiresAt).toEqual(new Date('2026-11-26T11:00:00.001Z'))
  })

  test('is empty when nothing can match', async () => {
    expect(await plan(null)).toMatchObject({
      matched: 0,
      byType: [],
      byReceiver: [],
      skips: [],
      warnings: [],
      estimatedSeconds: 0,
      stored: [{ matched: 0, canary: 'off' }],
    })
  })

  test('covers one million members and shows that there are more', async () => {
    const found = await plan({ groups: [group({ count: 1_000_001 })] })
    expect([found.matched, found.capped]).toEqual([1_000_000, true])
    expect(found.stored).toMatchObject([{ matched: 1_000_000 }])
  })

  test.each([
    [11, true, 'pending'],
    [10, true, 'off'],
    [11, false, 'off'],
  ] as const)(
    'of %i members that asks for a canary (%s) has the canary %s',
    async (count, canary, expected) => {
      const { stored } = await plan({ groups: [group({ count })] }, { canary })
      expect(stored).toMatchObject([{ canary: expected }])
    },
  )

  test.each([
    [undefined, 50, 4],
    [10, 10, 20],
    [10_000, 10_000, 0.1],
  ] as const)(
    'at a rate of %s stores %s and estimates %s s without the skipped',
    async (rate, storedRate, seconds) => {
      const skips = [{ reason: 'payload_gone', count: 100 }] as const
      const { stored, estimatedSeconds } = await plan({ groups: [group({ count: 300 })], skips }, { rate })
      expect([stored[0]?.rate, estimatedSeconds]).toEqual([storedRate, seconds])
    },
  )
})

describe('the skips of a plan', () => {
  const crm = (count: number): MemberGroup => group({ webhookType: 'hubspot', count })

  test('are counted with newer snapshots for up to 5,000 members in CRMs', async () => {
    const found = await plan({ groups: [crm(5_000)] })
    expect(found.asked).toContainEqual(['skips', 1_000_001, true])
    expect(found.warnings).toEqual([])
  })

  test('are counted without newer snapshots for more members in CRMs, with a warning', async () => {
    const found = await plan({ groups: [crm(5_001)] })
    expect(found.asked).toContainEqual(['skips', 1_000_001, false])
    expect(found.warnings).toMatchObject([{ code: 'superseded_not_counted', count: null }])
  })

  test('need no newer snapshots when the operation sends fresh data', async () => {
    const found = await plan({ groups: [crm(5_001)] }, { kind: 're_export' })
    expect(found.asked).toContainEqual(['skips', 1_000_001, false])
    expect(found.warnings).toEqual([])
  })

  test('of more than 100,000 members are only the unfinished deliveries, with a warning', async () => {
    const found = await plan({
      groups: [group({ count: 100_000 }), group({ state: 'retrying', count: 4 }), group({ state: 'queued' })],
    })
    expect(found.asked.filter((one) => Array.isArray(one) && one[0] === 'skips')).toEqual([])
    expect(found.skips).toEqual([{ reason: 'unfinished', count: 5 }])
    expect(found.warnings).toMatchObject([{ code: 'skips_not_counted', count: null }])
  })
})

describe('the warnings of a plan', () => {
  const delivered = [
    group({ state: 'delivered', count: 2 }),
    group({ state: 'delivered', webhookType: 'salesforce', count: 3 }),
    group({ count: 4 }),
  ]

  test('name the duplicates of a resend', async () => {
    expect((await plan({ groups: delivered })).warnings).toEqual([
      {
        code: 'duplicates',
        text: '5 of these were delivered: their receivers get them a second time.',
        count: 5,
      },
    ])
  })

  test('leave out CRMs for a re-export, because a CRM updates its record of the visitor', async () => {
    expect((await plan({ groups: delivered }, { kind: 're_export' })).warnings).toEqual([
      {
        code: 'duplicates',
        text: '2 of these were delivered: their receivers get them a second time, under a new webhook-id.',
        count: 2,
      },
    ])
  })

  test('name the members that may have arrived, for types that show repeats', async () => {
    const resend = await plan({ groups: [group()], unknownOutcomes: 3 })
    expect(resend.asked).toContainEqual(['unknown outcomes', ['slack', 'discord']])
    expect(resend.warnings).toEqual([
      {
        code: 'possible_duplicates',
        text: '3 of these may have arrived although no response confirms it: people may see them twice.',
        count: 3,
      },
    ])
    const reExport = await plan({ groups: [group()], unknownOutcomes: 1 }, { kind: 're_export' })
    expect(reExport.asked).toContainEqual(['unknown outcomes', ['custom', 'slack', 'discord']])
  })

  test('are none for another destination, which has not received the members before', async () => {
    const found = await plan({ groups: delivered }, { kind: 're_export', destinationId: crmId })
    expect(found.asked).toContainEqual(['unknown outcomes', []])
    expect(found.warnings).toEqual([])
  })

  test('need no count of earlier attempts for an export of visitors', async () => {
    const visitors = group({ webhookType: null, cause: null, state: null, receiverHost: null, count: 20 })
    const found = await plan(
      { from: 'visitors', groups: [visitors] },
      { kind: 'export', destinationId: crmId },
    )
    expect(found.asked).toEqual([
      ['members', now],
      ['skips', 1_000_001, false],
    ])
    expect([found.byType, found.warnings]).toEqual([[], []])
  })
})
