import type { DestinationView, FailureGroup, OperationView } from '@ghostpost/delivery/contract'
import { describe, expect, test } from 'vitest'
import { tellAction, tellDetails } from '../src/pages/activity/tell-action.ts'
import { bodyOf, readSettings } from '../src/pages/destinations/destination-draft.ts'
import { tellSelection } from '../src/pages/operations/tell-selection.ts'
import { problemsIn, verdictOf } from '../src/pages/overview/verdict.ts'
import { tellDistance, tellDuration, tellTime } from '../src/ui/tell-time.ts'

describe('times', () => {
  test('are told in UTC when that is wanted, with the year when it is another', () => {
    const now = new Date('2026-11-23T12:00:00Z')
    expect(tellTime('2026-11-23T14:02:11Z', 'utc', now)).toBe('23 Nov 14:02:11')
    expect(tellTime('2025-03-01T00:00:00Z', 'utc', now)).toBe('1 Mar 2025 00:00:00')
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
    expect(tellDuration(milliseconds)).toBe(text)
  })

  test('say how far away they are', () => {
    const now = Date.parse('2026-11-23T12:00:00Z')
    expect(tellDistance('2026-11-23T11:57:00Z', now)).toBe('3 min ago')
    expect(tellDistance('2026-11-23T14:00:00Z', now)).toBe('in 2 h')
    expect(tellDistance('2026-11-23T12:00:00.300Z', now)).toBe('now')
  })
})

describe('the verdict', () => {
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

  test('is that all is well when nothing is wrong', () => {
    const problems = problemsIn({
      failures: [group('ignored', 5), group('open', 0)],
      destinations: [],
      operations: [],
    })
    expect(verdictOf(problems)).toBe('All is well: nothing needs attention.')
  })

  test('names what fails first, then what stands still', () => {
    const problems = problemsIn({
      failures: [group('open', 2)],
      destinations: [destination],
      operations: [operation],
    })
    expect(verdictOf(problems)).toBe('3 things need attention.')
    expect(problems.map(({ text }) => text)).toEqual([
      '2 deliveries to example.com failed in the last hour: It failed.',
      'CRM is paused: moving',
      'An operation is paused',
    ])
  })
})

describe('the form of a destination', () => {
  const read = (fields: Record<string, string>) => readSettings((name) => fields[name] ?? '')

  test('leaves secrets that were not written as they are', () => {
    expect(read({ name: ' CRM ' })).toEqual({
      settings: { name: 'CRM', retry_schedule: null, rate_limit: null, concurrency: null },
    })
  })

  test('reads limits and headers', () => {
    const said = read({
      name: 'CRM',
      url: 'https://a.example',
      headers: 'x-key: a:b\n\nx-b:',
      rate: '100 per 60 s',
      concurrency: '5',
    })
    expect(said).toMatchObject({
      settings: {
        webhook_url: 'https://a.example',
        headers: { 'x-key': 'a:b', 'x-b': '' },
        rate_limit: { requests: 100, per_seconds: 60 },
        concurrency: 5,
      },
    })
    expect('settings' in said && bodyOf(said.settings)).not.toHaveProperty('retry_schedule')
  })

  test('says what it cannot read', () => {
    expect(read({ rate: 'fast' })).toHaveProperty('problem', 'Write the rate limit as in “100 per 60 s”.')
    expect(read({ headers: 'no colon' })).toHaveProperty('problem')
  })
})

test('the activity log is told in words', () => {
  expect(tellAction('delivery.re_exported')).toBe('Delivery re-exported')
  expect(tellAction('failure_group.changed')).toBe('Failure group changed')
  expect(tellDetails({ state: 'paused', changed: ['state', 'name'], reason: null })).toBe(
    'state: paused · changed: state, name',
  )
})

test('an operation says what it is about', () => {
  expect(tellSelection({ filter: { failure: 'abc', status: 'failed' } })).toBe('failure: abc, status: failed')
  expect(tellSelection({ delivery_ids: ['a', 'b'] })).toBe('2 chosen deliveries')
})
