import type { PlanView } from '@ghostpost/delivery/contract/operations'
import type { SystemView } from '@ghostpost/delivery/contract/system'
import { ApiProblem } from '@ghostpost/client'
import { describe, expect, test } from 'vitest'
import { deliveryHealthOf } from '../src/pages/destinations/delivery-health.ts'
import { formatPlan, formatPlanTitle, formatUndo, reachedOf } from '../src/pages/operations/format-plan.ts'
import { findProblems } from '../src/pages/overview/problems.ts'
import { missingSite } from '../src/session/session.ts'
import { isLoadFailure, readServerState } from '../src/shell/load-failure.ts'
import { clockFor } from '../src/ui/time.tsx'

describe('the confirmation of an operation', () => {
  const plan = (changes: object, operation: object = {}): PlanView =>
    ({
      matched: 341,
      capped: false,
      will_skip: [],
      by_receiver: [{ receiver: 'crm.example', destination_id: 'd', destination_name: 'Leads', count: 341 }],
      estimated_seconds: 7,
      operation: { kind: 're_export', rate: 50, ...operation },
      ...changes,
    }) as unknown as PlanView

  test('says what the plan does, how often and where, whatever was asked first', () => {
    expect(formatPlanTitle(plan({}))).toBe('Re-export 341 deliveries?')
    expect(formatPlan(plan({}))).toBe(
      '341 deliveries would be re-exported to Leads, at up to 50 a second: about 7 s.',
    )
  })

  test('counts what is skipped out', () => {
    const skipping = plan({ will_skip: [{ reason: 'recovered', count: 340 }] })
    expect(reachedOf(skipping)).toBe(1)
    expect(formatPlanTitle(skipping)).toBe('Re-export 1 delivery?')
  })

  test('names three receivers and counts the others', () => {
    const many = ['a', 'b', 'c', 'd', 'e'].map((receiver) => ({ receiver, destination_name: null, count: 1 }))
    expect(formatPlan(plan({ by_receiver: many }))).toContain('to a, b, c and 2 more,')
  })

  test('says of a cancellation that nothing is sent, and what can be undone', () => {
    const cancel = plan({}, { kind: 'cancel' })
    expect(formatPlan(cancel)).toMatch(/would be cancelled: no further attempt is made. Nothing is sent.$/)
    expect(formatUndo(cancel)).toContain('resend a cancelled delivery')
    expect(formatUndo(plan({}))).toContain('cannot be taken back')
  })
})

describe('the health of a destination', () => {
  const hours = [{ delivered: 0, retried: 0, failed: 0 }]
  const stats = (delivered: number, failed: number, retried = 0) => ({
    delivered,
    failed,
    success: delivered + failed === 0 ? null : delivered / (delivered + failed),
    hours: [{ ...hours[0], delivered, failed, retried }] as never,
  })
  const enabled = { state: 'enabled' } as const

  test('is green only where exports arrive', () => {
    expect(deliveryHealthOf(enabled, stats(100, 0))).toMatchObject({
      text: 'Enabled · delivering',
      tone: 'good',
    })
    expect(deliveryHealthOf(enabled, stats(80, 20))).toMatchObject({
      text: 'Enabled · degraded',
      tone: 'warn',
    })
    expect(deliveryHealthOf(enabled, stats(0, 341))).toMatchObject({ text: 'Enabled · failing', tone: 'bad' })
    expect(deliveryHealthOf(enabled, stats(0, 0, 5))).toMatchObject({
      text: 'Enabled · failing',
      tone: 'bad',
    })
    expect(deliveryHealthOf(enabled, stats(0, 0)).tone).toBe('idle')
    expect(deliveryHealthOf({ state: 'paused' }, stats(9, 0)).text).toBe('Paused')
  })
})

describe('what waits for a receiver', () => {
  test('is a problem of the receiver, with its number, and not of the lane', () => {
    const held = { receiver: 'crm.example', destination_id: null, destination_name: null, count: 255 }
    const system = {
      checks: { queue: 'ok' },
      lanes: [],
      workers: [{}],
      backlog: {
        held_receivers: [{ ...held, siteId: 4, reason: 'breaker_open', until: '2026-11-23T15:00:00Z' }],
        lanes: [{ lane: 'live', due: 0, draining: { state: 'idle' }, oldest_due_seconds: null }],
      },
    } as unknown as SystemView
    const problems = findProblems({ failures: [], destinations: [], operations: [], system })
    expect(problems.map(({ text }) => text)).toEqual([
      '255 deliveries wait for crm.example: its circuit breaker is open',
    ])
  })
})

describe('a part of the dashboard that does not load', () => {
  test.each([
    ['Unable to preload CSS for /ops/assets/segments-a1.css', true],
    ['Failed to fetch dynamically imported module: https://a/ops/assets/x.js', true],
    ['x is not a function', false],
  ])('is recognised: %s', (message, isRecognised) => {
    expect(isLoadFailure(new Error(message))).toBe(isRecognised)
  })

  test('is no failure of the API', () => {
    const problem = Object.create(ApiProblem.prototype) as Error
    Object.defineProperty(problem, 'message', { value: 'module script' })
    expect(isLoadFailure(problem)).toBe(false)
  })

  test('is called an update only when the server has another version', async () => {
    const page = '<script type="module" src="/ops/assets/index-a.js"></script>'
    const read =
      (status: number, text = page) =>
      async () =>
        new Response(text, { status })
    expect(await readServerState(['/ops/assets/index-a.js'], read(200))).toBe('same_version')
    expect(await readServerState(['/ops/assets/index-b.js'], read(200))).toBe('new_version')
    expect(await readServerState(['/ops/assets/index-a.js'], read(503))).toBe('no_response')
    const fails = () => Promise.reject(new TypeError('Failed to fetch'))
    expect(await readServerState(['/ops/assets/index-a.js'], fails)).toBe('no_response')
  })
})

test('a change that was just made is not in the future', () => {
  const shown = Date.parse('2026-11-23T12:00:00Z')
  const at = '2026-11-23T12:00:03Z'
  expect(clockFor(at, shown, shown + 4_000)).toBe(shown + 4_000)
})

test('a site without access is named instead of replaced in silence', () => {
  const sites = [{ id: 4, name: 'Four', role: 'admin' }] as never
  expect(missingSite(sites, 99)).toBe(99)
  expect(missingSite(sites, 4)).toBeNull()
  expect(missingSite(sites, undefined)).toBeNull()
})
