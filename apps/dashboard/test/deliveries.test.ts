import type { DeliverySummary } from '@ghostpost/delivery/contract/delivery-log'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  droppedParams,
  filterOf,
  isFiltered,
  changeSearch,
  parseListSearch,
  parseSearchTerm,
} from '../src/pages/deliveries/list-search.ts'
import { changeSelection, emptySelection, rowRange } from '../src/pages/deliveries/row-selection.ts'
import { mergeRows } from '../src/pages/deliveries/merge-rows.ts'
import { formatCount } from '../src/pages/deliveries/format-count.ts'
import { formatWait } from '../src/pages/deliveries/format-wait.ts'
import { readFilterForm, timeInZone } from '../src/pages/deliveries/filter-form.ts'
import { isSameSearch, readViews, withView, writeViews } from '../src/pages/deliveries/saved-views.ts'
import {
  parseVisitorSearch,
  visitorQueryOf,
  visitorSelectionOf,
} from '../src/pages/visitors/visitor-search.ts'
import { deliveryLookOf } from '../src/ui/status.tsx'

const now = Date.parse('2026-11-23T14:32:10.500Z')

describe('the address of the list', () => {
  test('keeps valid parameters and names the rest', () => {
    const raw = { status: 'failed,retrying', response_status: 404, cause: 'a b', colour: 'red', site: 4 }
    expect(parseListSearch(raw)).toEqual({ status: 'failed,retrying', response_status: '404' })
    expect(droppedParams(raw)).toEqual(['cause', 'colour'])
    expect(parseListSearch({ text: 'ann acme' })).toEqual({ text: 'ann acme' })
  })

  test('is parsed to the same search again, whatever it contains', () => {
    const names = ['status', 'range', 'cursor', 'page', 'ghost_vid', 'from', 'nonsense']
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), fc.oneof(fc.string(), fc.integer())), (raw) => {
        const once = parseListSearch(raw)
        expect(parseListSearch({ ...once })).toEqual(once)
      }),
    )
  })

  test('a relative time range begins at a full minute, and the page of the list is no filter', () => {
    expect(filterOf({ status: 'failed', range: '1h', cursor: 'x', page: '3' }, now)).toEqual({
      status: 'failed',
      from: '2026-11-23T13:32:00.000Z',
    })
    expect(isFiltered({ cursor: 'x', page: '2' })).toBe(false)
    expect(isFiltered({ cause: 'timeout' })).toBe(true)
  })

  test('a changed filter starts on the first page', () => {
    expect(changeSearch({ status: 'failed', cursor: 'x', page: '3' }, { webhook_type: 'slack' })).toEqual({
      status: 'failed',
      webhook_type: 'slack',
    })
    expect(changeSearch({ status: 'failed' }, { status: undefined })).toEqual({})
  })
})

test.each([
  ['  Ann@Example.com ', { identified_user: 'Ann@Example.com' }],
  ['Ann  Lovelace', { text: 'Ann  Lovelace' }],
  ['Acme', { text: 'Acme' }],
  ['@acme', { text: '@acme' }],
  ['gv_a1b2', { ghost_vid: 'gv_a1b2' }],
  ['019DB0F0-1111-7222-8333-444455556666', { delivery: '019db0f0-1111-7222-8333-444455556666' }],
  ['  ', null],
])('typing %j searches for %j', (typed, target) => {
  expect(parseSearchTerm(typed)).toEqual(target)
})

describe('rows on the screen', () => {
  const row = (id: string, status: DeliverySummary['status'] = 'queued'): DeliverySummary =>
    ({ delivery_id: id, status }) as DeliverySummary

  test('are updated in place, and newer ones are counted', () => {
    const { rows, newerCount } = mergeRows(
      [row('5'), row('4')],
      [row('7'), row('6'), row('5', 'delivered'), row('4')],
    )
    expect(rows.map(({ delivery }) => [delivery.delivery_id, delivery.status])).toEqual([
      ['5', 'delivered'],
      ['4', 'queued'],
    ])
    expect(newerCount).toBe(2)
  })

  test('stay and are marked when they no longer match the filter', () => {
    const { rows } = mergeRows([row('5'), row('4'), row('3')], [row('5'), row('3')])
    expect(rows.map(({ noLongerMatches }) => noLongerMatches)).toEqual([false, true, false])
  })

  test('still match when newer ones pushed them off the page', () => {
    const { rows } = mergeRows([row('5'), row('4')], [row('7'), row('6'), row('5')])
    expect(rows.map(({ noLongerMatches }) => noLongerMatches)).toEqual([false, false])
  })
})

test('a capped count says so', () => {
  expect(formatCount({ count: 1 })).toBe('1 delivery')
  expect(formatCount({ count: 10_000, capped: true })).toBe('10,000 or more deliveries')
})

describe('the selection of rows', () => {
  const ids = ['5', '4', '3', '2', '1']

  test('extends from the last pressed row to this one, in both directions', () => {
    expect(rowRange(ids, '4', '2')).toEqual(['4', '3', '2'])
    expect(rowRange(ids, '2', '4')).toEqual(['4', '3', '2'])
    expect(rowRange(ids, null, '3')).toEqual(['3'])
    expect(rowRange(ids, 'gone', '3')).toEqual(['3'])
  })

  test('adds and removes rows, and reduces "all that match" to the rest of the page', () => {
    const some = changeSelection(emptySelection, ids, ['4', '3'], true)
    expect(some).toEqual({ kind: 'some', ids: new Set(['4', '3']) })
    expect(changeSelection(some, ids, ['3'], false)).toEqual({ kind: 'some', ids: new Set(['4']) })
    expect(changeSelection({ kind: 'matching' }, ids, ['5'], false)).toEqual({
      kind: 'some',
      ids: new Set(['4', '3', '2', '1']),
    })
  })
})

describe('what a row says', () => {
  test('a dead letter of which a copy arrived is recovered, not failed', () => {
    expect(deliveryLookOf({ status: 'failed', recovered_by: null }).text).toBe('Failed')
    expect(deliveryLookOf({ status: 'failed', recovered_by: 'x' })).toMatchObject({
      text: 'Recovered',
      tone: 'good',
    })
  })

  test('a delivery whose receiver is left alone is not due', () => {
    expect(formatWait({ for: 'held', until: '2026-11-23T15:00:00Z' })).toBe('held back by its receiver')
    expect(formatWait({ for: 'due', until: null })).toBe('due now')
    expect(formatWait({ for: 'scheduled', until: '2026-11-23T15:00:00Z' })).toBeNull()
  })
})

describe('the filters of the list', () => {
  test('include what is due in the next hour, sorted by its next attempt', () => {
    const search = parseListSearch({ status: 'queued,retrying', due: '1h', sort: 'next_attempt' })
    expect(filterOf(search, now)).toEqual({
      status: 'queued,retrying',
      due_before: '2026-11-23T15:33:00.000Z',
    })
    expect(isFiltered({ sort: 'next_attempt' })).toBe(false)
  })

  test('accept any status codes, several states and a span of time', () => {
    const values: Record<string, string> = {
      'status.failed': 'on',
      'status.retrying': 'on',
      response_status: ' 401, 5XX ',
      from: '2026-11-23T10:00',
      purpose: 'export',
    }
    const search = readFilterForm((name) => values[name] ?? '', 'utc')
    expect(parseListSearch(search)).toEqual({
      status: 'retrying,failed',
      response_status: '401,5xx',
      from: '2026-11-23T10:00:00.000Z',
      purpose: 'export',
    })
    expect(search).toHaveProperty('range', undefined)
    expect(timeInZone('2026-11-23T10:00:00.000Z', 'utc')).toBe('2026-11-23T10:00:00')
  })

  test('are kept as views, by name, and what the browser stored is not trusted', () => {
    const stored = new Map<string, string>()
    const store = {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, text: string) => void stored.set(key, text),
    }
    const views = withView([], 'Mine', { status: 'failed', cursor: 'x', page: '2' })
    writeViews(4, withView(views, 'Mine', { cause: 'timed_out' }), store)
    expect(readViews(4, store)).toEqual([{ name: 'Mine', search: { cause: 'timed_out' } }])
    expect(readViews(7, store)).toEqual([])
    expect(isSameSearch({ cause: 'a', status: 'failed' }, { status: 'failed', cause: 'a', page: '2' })).toBe(
      true,
    )
    store.setItem('ghostpost-views-4', '[{"name":1},7,{"name":"x","search":{"colour":"red"}}]')
    expect(readViews(4, store)).toEqual([{ name: 'x', search: {} }])
    store.setItem('ghostpost-views-4', 'no json')
    expect(readViews(4, store)).toEqual([])
  })
})

describe('the search of visitors', () => {
  test('knows words, a whole e-mail address, a score and a period', () => {
    const search = parseVisitorSearch({ text: ' Ann ', score: 75, seen: '7d', other: 'x' })
    expect(search).toEqual({ text: 'Ann', score: '75', seen: '7d' })
    expect(visitorQueryOf(search, now)).toEqual({
      text: 'Ann',
      score_min: '75',
      seen_from: '2026-11-16T14:32:00.000Z',
    })
    expect(visitorQueryOf({ text: 'ann@example.com' })).toEqual({ identified_user: 'ann@example.com' })
    expect(parseVisitorSearch({ score: '101', seen: 'ever' })).toEqual({})
  })

  test('selects for an export only by a filter that an operation knows', () => {
    expect(visitorSelectionOf({ score: '50' })).toEqual({ score_min: 50 })
    expect(visitorSelectionOf({})).toBeNull()
    expect(visitorSelectionOf({ text: 'Ann', score: '50' })).toBeNull()
  })
})
