import { alertLink, type AlertRule } from '@ghostpost/delivery/alerts'
import type { AlertRuleView } from '@ghostpost/delivery/contract/alerts'
import { describe, expect, test } from 'vitest'
import { readAlertChanges, readAlertRule } from '../src/pages/alerts/read-alert-rule.ts'
import { formatRecipients, watchedSearchOf } from '../src/pages/alerts/alert-cause.ts'
import { alertKindNames, formatProblem, formatLastValue } from '../src/pages/alerts/alert-kinds.ts'
import { droppedParams, filterOf, parseListSearch } from '../src/pages/deliveries/list-search.ts'

describe('the link in a notification', () => {
  const rule: AlertRule = {
    id: '',
    name: '',
    siteId: 4,
    siteName: '',
    kind: 'failure_rate',
    threshold: 20,
    windowSeconds: 900,
    minimumCount: 20,
    webhookType: 'slack',
    watchedDestinationId: '0193aaaa-0000-7000-8000-000000000001',
  }
  const window = { from: new Date('2026-11-26T10:00:00.123Z'), to: new Date('2026-11-26T10:15:00.123Z') }
  const counted = { window, due: 1, oldestSeconds: 1, capped: false }

  test.each([
    ['failed,retrying', { kind: 'failure_rate', window, tried: 9, failing: 9, capped: false }],
    ['failed', { kind: 'dead_letters', window, count: 9, capped: false }],
    ['queued,retrying', { kind: 'queue_age', ...counted }],
    ['queued,retrying', { kind: 'not_draining', ...counted }],
  ] as const)('opens the list with all its filters: %s', (status, measured) => {
    const { searchParams } = new URL(alertLink('http://127.0.0.1:4080/ops', rule, measured))
    const raw = Object.fromEntries(searchParams)
    expect(droppedParams(raw)).toEqual([])
    expect(filterOf(parseListSearch(raw))).toEqual({
      status,
      webhook_type: 'slack',
      destination_id: '0193aaaa-0000-7000-8000-000000000001',
      from: '2026-11-26T10:00:00.123Z',
      to: '2026-11-26T10:15:00.123Z',
    })
  })
})

describe('the form of an alert rule', () => {
  const form = (values: Record<string, string>) => readAlertRule((name) => values[name] ?? '', 4)

  test('becomes a rule in the units of the API', () => {
    const values = { name: ' Leads ', kind: 'failure_rate', threshold: '7.5', window: '10', cooldown: '60' }
    const notify = { type: 'slack', destination: 'd', email: 'ada@example.com; bob@example.com,' }
    expect(form({ ...values, ...notify })).toEqual({
      siteId: 4,
      name: 'Leads',
      kind: 'failure_rate',
      threshold: 7.5,
      window_seconds: 600,
      cooldown_seconds: 3_600,
      filter: { webhook_type: 'slack' },
      notify: { destination_id: 'd', email: ['ada@example.com', 'bob@example.com'] },
    })
  })

  test('leaves out empty fields and fields that its kind does not have', () => {
    const values = { name: 'x', kind: 'destination_disabled', threshold: '5', window: '10' }
    expect(form(values)).toEqual({ siteId: 4, name: 'x', kind: 'destination_disabled', notify: {} })
  })
})

test('the last value is shown beside the limit', () => {
  const lastValue = (kind: AlertRuleView['kind'], last_value: number | null, threshold: number | null) =>
    formatLastValue({ kind, last_value, threshold } as AlertRuleView)
  expect(lastValue('failure_rate', 12.5, 20)).toBe('12.5 %, limit 20 %')
  expect(lastValue('queue_age', 0, 300)).toBe('0 s, limit 300 s')
  expect(lastValue('destination_disabled', 2, null)).toBe('2')
  expect(lastValue('not_draining', null, 100)).toBe('–')
  expect(alertKindNames).toHaveLength(5)
  expect(formatProblem({ problem: 'nobody_is_told' } as AlertRuleView)).toMatch(/^Nobody is notified/)
  expect(formatProblem({ problem: null } as AlertRuleView)).toBeNull()
})

describe('an alert rule that exists', () => {
  const rule = {
    kind: 'failure_rate',
    siteId: 4,
    window_seconds: 900,
    filter: { webhook_type: null, destination_id: 'd' },
    notify: { destination_id: 'team', email: ['ada@example.com'] },
  } as AlertRuleView

  test('is changed by its form: its kind stays, and its filter is replaced', () => {
    const values: Record<string, string> = { name: 'Leads', threshold: '5', minimum: '3', email: 'a@b.co' }
    expect(readAlertChanges((name) => values[name] ?? '', rule)).toEqual({
      name: 'Leads',
      threshold: 5,
      minimum_count: 3,
      filter: {},
      notify: { email: ['a@b.co'] },
    })
    expect(readAlertChanges((name) => ({ ...values, watched: 'd' })[name] ?? '', rule).filter).toEqual({
      destination_id: 'd',
    })
  })

  test('leads to the deliveries that it watches, and names who is told', () => {
    expect(watchedSearchOf(rule)).toEqual({ destination_id: 'd', status: 'failed,retrying', range: '1h' })
    expect(watchedSearchOf({ ...rule, kind: 'queue_age' })).toMatchObject({ wait: 'due' })
    expect(watchedSearchOf({ ...rule, kind: 'destination_disabled' })).toBeNull()
    expect(formatRecipients(rule, () => 'Team')).toBe('Team, ada@example.com')
    expect(formatRecipients({ notify: { destination_id: null, email: [] } }, () => undefined)).toBe('nobody')
  })
})
