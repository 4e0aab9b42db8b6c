import type { FastifyRequest, onRequestHookHandler } from 'fastify'
import { ApiError } from './api-error.ts'

const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])
/** `none` is a person's own act, such as a bookmark. */
const ownSites: ReadonlySet<string> = new Set(['same-origin', 'none'])

/**
 * Refuses what another website makes a signed-in browser send: it says so in `Sec-Fetch-Site`, or, being older, in
 * `Origin`. Neither can be set by a page's script. Programs send neither and pass. The same rules as
 * https://pkg.go.dev/net/http#CrossOriginProtection
 * @param trusted origins whose pages may write all the same, separated by spaces
 */
export function refuseCrossSite(trusted: string): onRequestHookHandler {
  const trustedOrigins = new Set(trusted.split(' ').filter(Boolean))
  return (request, _reply, done) => {
    if (mayWrite(request, trustedOrigins)) return done()
    const message = 'This was sent by a page of another origin, which may not write here.'
    done(new ApiError('cross_site', message))
  }
}

function mayWrite(request: FastifyRequest, trustedOrigins: ReadonlySet<string>): boolean {
  if (safeMethods.has(request.method)) return true
  const { origin, 'sec-fetch-site': site } = request.headers
  if (origin !== undefined && trustedOrigins.has(origin)) return true
  if (site !== undefined) return ownSites.has(site)
  return origin === undefined || hostOf(origin) === request.host.toLowerCase()
}

/** Null for the origin `null`, which sandboxed and redirected pages send. */
function hostOf(origin: string): string | null {
  return URL.parse(origin)?.host ?? null
}
