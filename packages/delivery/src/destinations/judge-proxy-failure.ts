import type { ProxyFailed } from '../deliver/outcome.ts'
import type { Verdict } from '../deliver/verdict.ts'
import { verdictOf } from './verdict-rule.ts'

/** What failed: the proxy's rules refused the host, the host was unreachable, or the proxy itself failed. */
function proxyFaultOf({ code }: ProxyFailed): 'refused' | 'host_unreachable' | 'proxy_unavailable' {
  if (code === 'PROXY_REFUSED') return 'refused'
  return /^PROXY_STATUS_50[234]$/.test(code) ? 'host_unreachable' : 'proxy_unavailable'
}

/** Judges a tunnel that the egress proxy did not open. Nothing was sent, so the outcome is never unknown. */
export function judgeProxyFailure(outcome: ProxyFailed): Verdict {
  const { code } = outcome
  switch (proxyFaultOf(outcome)) {
    case 'refused':
      return verdictOf({
        decision: 'give_up',
        cause: 'egress_refused',
        message: `The egress proxy refuses to connect to this host (${code}).`,
        remedy: 'Let an administrator allow the host in the proxy, or use another.',
      })
    case 'host_unreachable':
      return verdictOf({
        decision: 'retry',
        cause: 'egress_host_unreachable',
        message: `The egress proxy could not connect to this host (${code}).`,
        remedy: 'Check the host name, and that the host is running and reachable from the proxy.',
      })
    case 'proxy_unavailable':
      return verdictOf({
        decision: 'retry',
        cause: 'egress_proxy_unavailable',
        message: `The egress proxy could not be used (${code}).`,
        remedy: 'Nothing is wrong with the receiver: let an administrator check GHOSTPOST_EGRESS_PROXY.',
      })
  }
}
