import {
  attemptWithinBudget,
  budgetReportOf,
  type AttemptRecord,
  type AttemptSettings,
  type Outcome,
  type Verdict,
} from '@ghostpost/delivery/deliver'
import type { Admission, BudgetReport } from '@ghostpost/delivery/receivers'
import { describe, expect, test } from 'vitest'
import { response200, memoryPorts, now, type PortOverrides } from './memory-ports.ts'

const settings: AttemptSettings = {
  retryScheduleMs: [0, 5_000],
  repeatUnknownOutcomes: false,
  attemptTimeoutMs: 10_000,
  claimMs: 30_000,
  publicUrl: 'https://analytics.ghostid.ai',
  userAgent: 'Ghostpost/test',
}
const due = { deliveryId: 'delivery-1', budget: 'host:example.com' }

function portsWith(admission: Admission, overrides: PortOverrides = {}) {
  const ports = memoryPorts(overrides)
  const reported: BudgetReport[] = []
  return {
    ...ports,
    reported,
    admit: async () => (ports.steps.push('admit'), admission),
    report: async (_due: unknown, use: BudgetReport) => void reported.push(use),
  }
}

describe('attempting within a budget', () => {
  test('waits without touching the delivery when its receiver has no room', async () => {
    const admission: Admission = { kind: 'wait', waitMs: 700, because: 'concurrency_full' }
    const ports = portsWith(admission)
    expect(await attemptWithinBudget(due, ports, settings)).toEqual(admission)
    expect(ports.steps).toEqual(['admit'])
    expect(ports.reported).toEqual([])
  })

  test('asks before it claims, and reports what the attempt showed', async () => {
    const ports = portsWith({ kind: 'admitted' })
    expect(await attemptWithinBudget(due, ports, settings)).toMatchObject({ kind: 'settled' })
    expect(ports.steps.slice(0, 2)).toEqual(['admit', 'claim'])
    expect(ports.reported).toEqual([{ kind: 'answered', durationMs: 5 }])
  })

  test('gives the place back unused when there is nothing to do', async () => {
    const ports = portsWith({ kind: 'admitted' }, { claimResult: { kind: 'wait', waitMs: 50 } })
    const result = await attemptWithinBudget(due, ports, settings)
    expect(result).toEqual({ kind: 'wait', waitMs: 50, because: null })
    expect(ports.reported).toEqual([{ kind: 'unused' }])
  })

  test('gives the place back when the attempt throws', async () => {
    const ports = portsWith({ kind: 'admitted' })
    ports.claim = () => Promise.reject(new Error('the database is away'))
    await expect(attemptWithinBudget(due, ports, settings)).rejects.toThrow('away')
    expect(ports.reported).toEqual([{ kind: 'unused' }])
  })
})

describe('what an attempt shows of its receiver', () => {
  const failure = { cause: 'x', message: 'x', remedy: 'Wait.', outcomeUnknown: false }
  const retry = (retryAfterMs: number | null = null): Verdict => ({
    decision: 'retry',
    failure,
    retryAfterMs,
  })
  const giveUp: Verdict = { decision: 'give_up', failure, receiverGone: false }
  const delivered: Verdict = { decision: 'delivered', receipt: null }
  const reportOn = (outcome: Outcome, verdict: Verdict): BudgetReport => {
    const attempt: AttemptRecord = {
      outcome,
      verdict,
      startedAt: now,
      durationMs: 40,
      payload: null,
      next: { state: 'failed' },
    }
    return budgetReportOf(attempt)
  }
  const unauthorized: Outcome = { kind: 'authorization_failed', failure: { kind: 'key_unusable' } }
  const status = (code: number): Outcome => ({ ...response200, status: code })

  test.each<[string, Outcome, Verdict, BudgetReport]>([
    ['a delivery: it copes', status(200), delivered, { kind: 'answered', durationMs: 40 }],
    ['a refusal: it is there', status(404), giveUp, { kind: 'answered', durationMs: 40 }],
    ['a 429: it wants rest', status(429), retry(), { kind: 'throttled', retryAfterMs: null }],
    ['a 503 that says until when', status(503), retry(9_000), { kind: 'throttled', retryAfterMs: 9_000 }],
    ['a 500: it fails', status(500), retry(), { kind: 'failed' }],
    ['a 400 worth repeating: it is there', status(400), retry(), { kind: 'answered', durationMs: 40 }],
    ['a deadline passed', { kind: 'timed_out', phase: 'answer' }, giveUp, { kind: 'failed' }],
    ['no connection', { kind: 'connection_failed', code: 'ECONNREFUSED' }, retry(), { kind: 'failed' }],
    ['no name', { kind: 'name_not_resolved', code: 'ENOTFOUND' }, retry(), { kind: 'failed' }],
    ['no TLS', { kind: 'tls_failed', code: 'CERT_HAS_EXPIRED' }, retry(), { kind: 'failed' }],
    ['a cut connection', { kind: 'connection_lost', code: 'ECONNRESET' }, retry(), { kind: 'failed' }],
    ['nonsense', { kind: 'answer_malformed', code: 'HPE_INVALID' }, retry(), { kind: 'failed' }],
    ['an address not allowed', { kind: 'address_forbidden', reason: 'private' }, giveUp, { kind: 'unused' }],
    ['a dead worker', { kind: 'interrupted' }, retry(), { kind: 'unused' }],
    ['no visitor', { kind: 'visitor_gone' }, giveUp, { kind: 'unused' }],
    ['a token endpoint that fails', unauthorized, retry(), { kind: 'failed' }],
    ['a token endpoint that refuses', unauthorized, giveUp, { kind: 'unused' }],
    [
      'a proxy that is away',
      { kind: 'proxy_failed', code: 'PROXY_UNREACHABLE' },
      retry(),
      { kind: 'unused' },
    ],
    [
      'a proxy that answers 502',
      { kind: 'proxy_failed', code: 'PROXY_STATUS_502' },
      retry(),
      { kind: 'unused' },
    ],
    ['a proxy that refuses', { kind: 'proxy_failed', code: 'PROXY_REFUSED' }, giveUp, { kind: 'unused' }],
    ['no destination', { kind: 'destination_gone' }, giveUp, { kind: 'unused' }],
  ])('%s', (_what, outcome, verdict, use) => {
    expect(reportOn(outcome, verdict)).toEqual(use)
  })
})
