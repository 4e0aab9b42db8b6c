import type { FastifyRequest, onRequestHookHandler } from 'fastify'
import { ApiError } from './api-error.ts'

const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])
/** `none`: the user opened the page directly, for example from a bookmark. */
const ownSites: ReadonlySet<string> = new Set(['same-origin', 'none'])

/**
 * Refuses writes, and reads with an effect, that another website makes a signed-in browser send (CSRF). Browsers set
 * `Sec-Fetch-Site`, older ones only `Origin`; a page's script can set neither. Programs send neither header and pass.
 * The rules are those of https://pkg.go.dev/net/http#CrossOriginProtection
 * @param trusted origins whose pages may write, separated by spaces
 */
export function refuseCrossSite(trusted: string): onRequestHookHandler {
  const trustedOrigins = new Set(trusted.split(' ').filter(Boolean))
  return (request, _reply, done) => {
    if (isAllowed(request, trustedOrigins)) return done()
    const message = 'A page of another origin sent this request. It may not do this here.'
    done(new ApiError('cross_site', message))
  }
}

function isAllowed(request: FastifyRequest, trustedOrigins: ReadonlySet<string>): boolean {
  const { refusesCrossSite } = request.routeOptions.config
  if (safeMethods.has(request.method)) return !refusesCrossSite || mayDownload(request)
  const { origin, 'sec-fetch-site': site } = request.headers
  if (origin !== undefined && trustedOrigins.has(origin)) return true
  if (site !== undefined) return ownSites.has(site)
  return origin === undefined || hostOf(origin) === request.host.toLowerCase()
}

/** Null for the origin `null`, which browsers send for sandboxed and redirected pages. */
function hostOf(origin: string): string | null {
  return URL.parse(origin)?.host ?? null
}

/**
 * Whether a GET with an effect comes from a page of ours, a person or a program. Browsers without `Sec-Fetch-Site` send
 * no `Origin` when a link of another page is followed, but they ask for HTML and name the page in `Referer`.
 */
function mayDownload({ headers, host }: FastifyRequest): boolean {
  const { 'sec-fetch-site': site, accept = '', referer } = headers
  if (site !== undefined) return ownSites.has(site)
  return !accept.includes('text/html') || (referer !== undefined && hostOf(referer) === host.toLowerCase())
}
