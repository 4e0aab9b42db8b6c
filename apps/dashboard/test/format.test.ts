import type { WebhookType } from '@ghostpost/client'
import type { DestinationView } from '@ghostpost/delivery/contract/destination'
import type { FailureGroup } from '@ghostpost/delivery/contract/failures'
import type { OperationView } from '@ghostpost/delivery/contract/operations'
import type { DestinationStats, StatsTotal } from '@ghostpost/delivery/contract/stats'
import type { SystemView } from '@ghostpost/delivery/contract/system'
import { describe, expect, test } from 'vitest'
import { formatAction, formatDetails } from '../src/pages/activity/format-action.ts'
import { createBodyOf, readSettings } from '../src/pages/destinations/destination-draft.ts'
import { selectionPartsOf, labelFor } from '../src/pages/operations/format-selection.ts'
import { findProblems, formatSuccess, summarizeProblems } from '../src/pages/overview/problems.ts'
import { formatBytes } from '../src/pages/system/format-bytes.ts'
import { formatOutcomes } from '../src/pages/visitor/format-outcomes.ts'
import { formatDistance, formatDuration, formatTime } from '../src/ui/format-time.ts'

describe('times', () => {
  test('are formatted in UTC when the user chose UTC, with the year when it is not the current one', () => {
    const now = new Date('2026-11-23T12:00:00Z')
    expect(formatTime('2026-11-23T14:02:11Z', 'utc', now)).toBe('23 Nov 14:02:11')
    expect(formatTime('2025-03-01T00:00:00Z', 'utc', now)).toBe('1 Mar 2025 00:00:00')
  })

  test.each([
    [0.4, '0.4 ms'],
    [812, '812 ms'],
    [4_200, '4.2 s'],
    [59_000, '59 s'],
    [180_000, '3 min'],
    [5_400_000, '1.5 h'],
    [3 * 86_400_000, '3 d'],
  ])('%d ms is %s', (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text)
  })

  test('have a distance from now', () => {
    const now = Date.parse('2026-11-23T12:00:00Z')
    expect(formatDistance('2026-11-23T11:57:00Z', now)).toBe('3 min ago')
    expect(formatDistance('2026-11-23T14:00:00Z', now)).toBe('in 2 h')
    expect(formatDistance('2026-11-23T12:00:00.300Z', now)).toBe('now')
  })
})

describe('the problems of a site', () => {
  const group = (state: string, last_hour: number): FailureGroup =>
    ({
      fingerprint: 'f',
      state,
      last_hour,
      receiver: 'example.com',
      destination_name: null,
      message: 'It failed.',
    }) as FailureGroup
  const destination = { id: 'd', name: 'CRM', state: 'paused', state_reason: 'moving' } as DestinationView
  const operation = { operation_id: 'o', state: 'paused', state_reason: null } as OperationView

  test('are none when every failure is ignored or old', () => {
    const problems = findProblems({
      failures: [group('ignored', 5), group('open', 0)],
      destinations: [],
      operations: [],
    })
    expect(summarizeProblems(problems)).toBe('All is well: nothing needs attention.')
  })

  test('are failures first, then paused destinations and operations', () => {
    const problems = findProblems({
      failures: [group('open', 2)],
      destinations: [destination],
      operations: [operation],
    })
    expect(summarizeProblems(problems)).toBe('3 things need attention.')
    expect(problems.map(({ text }) => text)).toEqual([
      '2 deliveries to example.com failed in the last hour: It failed.',
      'CRM is paused: moving',
      'An operation is paused',
    ])
  })
})

describe('the problems of the installation', () => {
  const healthy = {
    checks: { database: 'ok', queue: 'ok' },
    lanes: [],
    workers: [{}],
    backlog: { lanes: [], held_receivers: [] },
  } as unknown as SystemView
  const problems = (changes: object): string[] =>
    findProblems({ failures: [], destinations: [], operations: [], system: { ...healthy, ...changes } }).map(
      ({ text }) => text,
    )
  const growing = (oldest: number): object => ({
    backlog: {
      held_receivers: [],
      lanes: [{ lane: 'bulk', due: 9, oldest_due_seconds: oldest, draining: { state: 'growing' } }],
    },
  })

  test('include a missing worker, a broken queue and a paused lane', () => {
    expect(problems({})).toEqual([])
    expect(problems({ workers: [] })).toEqual(['No worker is running, so nothing is sent'])
    expect(problems({ checks: { database: 'ok', queue: 'down' }, lanes: null })).toEqual([
      'The queue does not respond; exports are stored and continue when it is back',
    ])
    expect(problems({ lanes: [{ lane: 'live', paused: { reason: 'moving' } }] })).toEqual([
      'The lane live is paused: moving',
    ])
  })

  test('include a lane that falls behind once its oldest delivery has waited long', () => {
    expect(problems(growing(30))).toEqual([])
    expect(problems(growing(120))).toEqual(['The lane bulk falls behind: 9 are due, the oldest for 2 min'])
  })

  test('include a destination whose circuit breaker is open', () => {
    const destination = { id: 'd', name: 'CRM', state: 'enabled' } as DestinationView
    const stats = new Map([['d', { health: { breaker: 'open' } } as DestinationStats]])
    const [problem] = findProblems({ failures: [], destinations: [destination], operations: [], stats })
    expect(problem).toMatchObject({ text: 'CRM keeps failing: its circuit breaker is open', isSevere: true })
  })
})

test.each([
  [0, 0, 'Nothing was sent in the last hour.'],
  [1_200, 0, 'All 1,200 deliveries of the last hour were delivered.'],
  [1_999, 1, '99.9 % of the 2,000 deliveries of the last hour were delivered.'],
])('%d delivered and %d given up is formatted as %j', (delivered, failed, text) => {
  const success = delivered / Math.max(delivered + failed, 1)
  expect(formatSuccess({ delivered, failed, success } as StatsTotal, 'last hour')).toBe(text)
})

describe('the form of a destination', () => {
  const read = (fields: Record<string, string>, type: WebhookType = 'custom') =>
    readSettings(type, (name) => fields[name] ?? '')

  test('reads the options of the type that differ from their defaults', () => {
    const fields = {
      'policy City': 'always',
      'policy Company': 'empty',
      on_converted: 'skip',
      unchanged: 'send',
    }
    expect(read(fields, 'salesforce')).toMatchObject({
      settings: { options: { fields: { City: 'always' }, on_converted: 'skip', unchanged: 'send' } },
    })
    expect(read({ compatible: 'on' }, 'slack')).toMatchObject({ settings: { options: { compatible: true } } })
  })

  test('keeps the stored secrets when their fields are empty', () => {
    expect(read({ name: ' CRM ' })).toEqual({
      settings: { name: 'CRM', options: {}, retry_schedule: null, rate_limit: null, concurrency: null },
    })
  })

  test('reads limits and headers', () => {
    const result = read({
      name: 'CRM',
      url: 'https://a.example',
      headers: 'x-key: a:b\n\nx-b:',
      rate: '100 per 60 s',
      concurrency: '5',
    })
    expect(result).toMatchObject({
      settings: {
        webhook_url: 'https://a.example',
        headers: { 'x-key': 'a:b', 'x-b': '' },
        rate_limit: { requests: 100, per_seconds: 60 },
        concurrency: 5,
      },
    })
    expect('settings' in result && createBodyOf(result.settings)).not.toHaveProperty('retry_schedule')
  })

  test('reads only the credentials of the chosen kind', () => {
    const fields = {
      name: 'CRM',
      credentials: 'client_credentials',
      client_id: 'a ',
      client_secret: 'b',
      username: 'c',
    }
    expect(read(fields)).toMatchObject({
      settings: { credentials: { kind: 'client_credentials', client_id: 'a', client_secret: 'b' } },
    })
    expect(read({ name: 'CRM', credentials: 'none' })).toMatchObject({ settings: { credentials: null } })
    const unchanged = read({ name: 'CRM', credentials: '' })
    expect('settings' in unchanged && unchanged.settings).not.toHaveProperty('credentials')
  })

  test('names the field that it cannot read', () => {
    expect(read({ rate: 'fast' })).toHaveProperty('problem', 'Write the rate limit as “100 per 60 s”.')
    expect(read({ headers: 'no colon' })).toHaveProperty('problem')
  })
})

test('an audit entry is formatted in words', () => {
  expect(formatAction('delivery.re_exported')).toBe('Delivery re-exported')
  expect(formatAction('failure_group.changed')).toBe('Failure group changed')
  expect(formatDetails({ state: 'paused', changed: ['state', 'name'], reason: null })).toBe(
    'state: paused · changed: state, name',
  )
})

test('the filter of an operation is formatted part by part', () => {
  expect(selectionPartsOf({ filter: { failure: 'abc', status: 'failed' } })).toEqual([
    { name: 'failure', value: 'abc' },
    { name: 'status', value: 'failed' },
  ])
  expect(selectionPartsOf({ delivery_ids: ['a', 'b'] })).toEqual([
    { name: 'selected deliveries', value: '2' },
  ])
  expect([labelFor('webhook_type'), labelFor('some_thing')]).toEqual(['type', 'some thing'])
})

test('the outcomes of a visitor are counted in a salesperson’s words', () => {
  const sent = (['failed', 'delivered', 'queued', 'delivered', 'retrying'] as const).map((status) => ({
    status,
  }))
  expect(formatOutcomes(sent)).toBe('2 sent · 2 in progress · 1 needs attention')
})

test.each([
  [812, '812 B'],
  [1_500_000, '1.5 MB'],
  [20_000_000_000, '20 GB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})
