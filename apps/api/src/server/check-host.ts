import type { IsAllowedHost } from '@ghostpost/delivery/receivers'
import type { onRequestHookHandler } from 'fastify'
import { ApiError } from './api-error.ts'

/**
 * Refuses requests for a host that is not ours: a page may have its own name resolve to our address, and is then of
 * the same origin (DNS rebinding). Probes pass, because load balancers send any name.
 */
export function checkHost(isAllowed: IsAllowedHost): onRequestHookHandler {
  return (request, _reply, done) => {
    if (request.routeOptions.config.probe || isAllowed(request.headers.host)) return done()
    done(new ApiError('host_not_allowed', 'This installation is not known by the host of the request.'))
  }
}
