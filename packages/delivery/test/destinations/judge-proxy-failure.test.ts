import { describe, expect, test } from 'vitest'
import { webhookTypes } from '../../src/destinations/registry.ts'
import { destinationOf } from '../../src/destinations/registry.ts'
import type { ProxyFailureCode } from '../../src/deliver/outcome.ts'
import { judge } from '../../src/deliver/judge.ts'
import { brief, failureIn, now } from './response-factory.ts'

function verdictOn(code: ProxyFailureCode, type: (typeof webhookTypes)[number] = 'custom') {
  return judge({ kind: 'proxy_failed', code }, destinationOf(type), { repeatUnknownOutcomes: false, now })
}

describe('without a tunnel through the egress proxy a delivery', () => {
  test.each([
    ['PROXY_REFUSED', 'give_up egress_refused'],
    ['PROXY_STATUS_502', 'retry egress_host_unreachable'],
    ['PROXY_STATUS_503', 'retry egress_host_unreachable'],
    ['PROXY_STATUS_504', 'retry egress_host_unreachable'],
    ['PROXY_STATUS_500', 'retry egress_proxy_unavailable'],
    ['PROXY_STATUS_302', 'retry egress_proxy_unavailable'],
    ['PROXY_STATUS_404', 'retry egress_proxy_unavailable'],
    ['PROXY_STATUS_429', 'retry egress_proxy_unavailable'],
    ['PROXY_AUTH_REQUIRED', 'retry egress_proxy_unavailable'],
    ['PROXY_UNREACHABLE', 'retry egress_proxy_unavailable'],
    ['PROXY_CLOSED', 'retry egress_proxy_unavailable'],
    ['PROXY_TIMEOUT', 'retry egress_proxy_unavailable'],
    ['PROXY_MALFORMED', 'retry egress_proxy_unavailable'],
  ] satisfies [ProxyFailureCode, string][])('%s: %s', (code, verdict) => {
    expect(brief(verdictOn(code))).toBe(verdict)
    const failure = failureIn(verdictOn(code))
    expect(failure).toMatchObject({ outcomeUnknown: false, remedy: expect.any(String) })
    expect(failure.message).toContain(code)
  })

  test.each(webhookTypes)('to %s is retried, as nothing was sent', (type) => {
    expect(brief(verdictOn('PROXY_CLOSED', type))).toBe('retry egress_proxy_unavailable')
  })

  test('that is refused leaves its saved destination enabled', () => {
    expect(verdictOn('PROXY_REFUSED')).toMatchObject({ decision: 'give_up', receiverGone: false })
  })
})
