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
const job = { deliveryId: 'delivery-1', budget: 'host:example.com' }

function portsWith(admission: Admission, overrides: PortOverrides = {}) {
  const ports = memoryPorts(overrides)
  const reported: BudgetReport[] = []
  return {
    ...ports,
    reported,
    admit: async () => (ports.steps.push('admit'), admission),
    report: async (_job: unknown, use: BudgetReport) => void reported.push(use),
  }
}

describe('attemptWithinBudget', () => {
  test('waits without claiming the delivery when its receiver has no free slot', async () => {
    const admission: Admission = { kind: 'wait', waitMs: 700, because: 'concurrency_full', everyMs: 5 }
    const ports = portsWith(admission)
    expect(await attemptWithinBudget(job, ports, settings)).toEqual(admission)
    expect(ports.steps).toEqual(['admit'])
    expect(ports.reported).toEqual([])
  })

  test('takes a slot before it claims and reports the result of the attempt', async () => {
    const ports = portsWith({ kind: 'admitted' })
    expect(await attemptWithinBudget(job, ports, settings)).toMatchObject({ kind: 'settled' })
    expect(ports.steps.slice(0, 2)).toEqual(['admit', 'claim'])
    expect(ports.reported).toEqual([{ kind: 'answered', durationMs: 5 }])
  })

  test('frees the slot as unused when there is nothing to do', async () => {
    const ports = portsWith({ kind: 'admitted' }, { claimResult: { kind: 'wait', waitMs: 50 } })
    const result = await attemptWithinBudget(job, ports, settings)
    expect(result).toEqual({ kind: 'wait', waitMs: 50, because: null, everyMs: 0 })
    expect(ports.reported).toEqual([{ kind: 'unused' }])
  })

  test('frees the slot as unused when the attempt throws', async () => {
    const ports = portsWith({ kind: 'admitted' })
    ports.claim = () => Promise.reject(new Error('the database is unavailable'))
    await expect(attemptWithinBudget(job, ports, settings)).rejects.toThrow('unavailable')
    expect(ports.reported).toEqual([{ kind: 'unused' }])
  })
})

describe('budgetReportOf', () => {
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
    ['a delivered response', status(200), delivered, { kind: 'answered', durationMs: 40 }],
    ['a 404 that refuses the request', status(404), giveUp, { kind: 'answered', durationMs: 40 }],
    ['a 429', status(429), retry(), { kind: 'throttled', retryAfterMs: null }],
    ['a 503 with Retry-After', status(503), retry(9_000), { kind: 'throttled', retryAfterMs: 9_000 }],
    ['a 500', status(500), retry(), { kind: 'failed' }],
    ['a 400 that is retried', status(400), retry(), { kind: 'answered', durationMs: 40 }],
    ['a timeout', { kind: 'timed_out', phase: 'answer' }, giveUp, { kind: 'failed' }],
    ['no connection', { kind: 'connection_failed', code: 'ECONNREFUSED' }, retry(), { kind: 'failed' }],
    ['an unresolved name', { kind: 'name_not_resolved', code: 'ENOTFOUND' }, retry(), { kind: 'failed' }],
    ['a TLS failure', { kind: 'tls_failed', code: 'CERT_HAS_EXPIRED' }, retry(), { kind: 'failed' }],
    ['a lost connection', { kind: 'connection_lost', code: 'ECONNRESET' }, retry(), { kind: 'failed' }],
    ['a malformed response', { kind: 'answer_malformed', code: 'HPE_INVALID' }, retry(), { kind: 'failed' }],
    ['a forbidden address', { kind: 'address_forbidden', reason: 'private' }, giveUp, { kind: 'unused' }],
    ['an interrupted attempt', { kind: 'interrupted' }, retry(), { kind: 'unused' }],
    ['a missing visitor', { kind: 'visitor_gone' }, giveUp, { kind: 'unused' }],
    ['a token endpoint that fails', unauthorized, retry(), { kind: 'failed' }],
    ['a token endpoint that refuses', unauthorized, giveUp, { kind: 'unused' }],
    [
      'an unreachable proxy',
      { kind: 'proxy_failed', code: 'PROXY_UNREACHABLE' },
      retry(),
      { kind: 'unused' },
    ],
    [
      'a proxy that responds with 502',
      { kind: 'proxy_failed', code: 'PROXY_STATUS_502' },
      retry(),
      { kind: 'unused' },
    ],
    ['a proxy that refuses', { kind: 'proxy_failed', code: 'PROXY_REFUSED' }, giveUp, { kind: 'unused' }],
    ['a look-up that did not start', { kind: 'lookup_not_started' }, retry(), { kind: 'unused' }],
    ['a missing destination', { kind: 'destination_gone' }, giveUp, { kind: 'unused' }],
  ])('maps %s to its report', (_what, outcome, verdict, use) => {
    expect(reportOn(outcome, verdict)).toEqual(use)
  })
})
