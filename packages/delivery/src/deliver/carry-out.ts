import type { Access, Authorize } from './access.ts'
import type { Destination } from '../destinations/destination.ts'
import type { Outcome } from './outcome.ts'
import type { OutboundRequest, SendRequest, Sent } from './ports.ts'

interface CarryOutPorts {
  send: SendRequest
  authorize: Authorize
  now: () => Date
}

interface Errand {
  destination: Destination
  /** Null for a receiver that is no saved destination, which has no credentials either. */
  destinationId: string | null
  webhookUrl: string
  request: OutboundRequest
  /** For all of it together, in milliseconds. */
  withinMs: number
}

/** The most forms of one request that are sent in one attempt. */
const formsMax = 3

/**
 * Carries one attempt's request out: as it is; with an access token where the destination needs one, renewed once if
 * the receiver refuses it; and in another form where the answer says that one would be taken. What comes back is the
 * outcome of the last request.
 */
export async function carryOut(errand: Errand, ports: CarryOutPorts): Promise<Sent> {
  const { destination, request } = errand
  if (!destination.access && !destination.nextForm) return ports.send(request)
  const startedAt = ports.now()
  const until = startedAt.getTime() + errand.withinMs
  const leftMs = (): number => Math.max(until - ports.now().getTime(), 1)
  let current = request
  let sent: Sent
  for (let form = 1; ; form += 1) {
    sent = await sendWithAccess({ ...errand, request: current }, ports, leftMs)
    const { outcome } = sent
    const isLast = outcome.kind !== 'answered' || form === formsMax
    const next = isLast ? null : destination.nextForm?.(current, outcome)
    if (!next) break
    current = { ...current, ...next }
  }
  return { ...sent, startedAt, durationMs: ports.now().getTime() - startedAt.getTime() }
}

async function sendWithAccess(errand: Errand, ports: CarryOutPorts, leftMs: () => number): Promise<Sent> {
  const { destination, request } = errand
  const { access } = destination
  if (!access) return withoutToken(await ports.send({ ...request, withinMs: leftMs() }), tokenIn(request))
  const first = await grantedBy(errand, ports, null, leftMs())
  if (first.kind === 'failed') return unauthorized(first, ports)
  const sent = await sendWith(first, request, ports, leftMs())
  if (sent.outcome.kind !== 'answered' || !access.isRefused(sent.outcome)) return sent
  const second = await grantedBy(errand, ports, first.token, leftMs())
  return second.kind === 'failed' ? unauthorized(second, ports) : sendWith(second, request, ports, leftMs())
}

function grantedBy(
  { destination, destinationId, webhookUrl }: Errand,
  ports: CarryOutPorts,
  refused: string | null,
  withinMs: number,
): Promise<Access> {
  const credentials = destination.access?.credentials
  if (!credentials || destinationId === null) throw new Error('an access token needs a saved destination')
  return ports.authorize({
    destinationId,
    credentials,
    webhookUrl: new URL(webhookUrl),
    refused,
    withinMs,
  })
}

async function sendWith(
  { token, origin }: Extract<Access, { kind: 'granted' }>,
  request: OutboundRequest,
  ports: CarryOutPorts,
  withinMs: number,
): Promise<Sent> {
  const { pathname, search } = request.url
  const url = new URL(pathname + search, origin)
  const headers = { ...request.headers, authorization: `Bearer ${token}` }
  return withoutToken(await ports.send({ ...request, url, headers, withinMs }), token)
}

function unauthorized({ failure }: Extract<Access, { kind: 'failed' }>, ports: CarryOutPorts): Sent {
  const outcome: Outcome =
    failure.kind === 'proxy_failed' ? failure : { kind: 'authorization_failed', failure }
  return { outcome, startedAt: ports.now(), durationMs: 0 }
}

function tokenIn({ headers }: OutboundRequest): string {
  return headers['authorization']?.replace(/^Bearer /, '') ?? ''
}

/** What a receiver answers is kept and shown: a token it repeats must not be. */
function withoutToken(sent: Sent, token: string): Sent {
  const { outcome } = sent
  if (outcome.kind !== 'answered' || token === '') return sent
  const clean = (text: string): string => text.replaceAll(token, '***')
  const headers = Object.fromEntries(
    Object.entries(outcome.headers).map(([name, value]) => [name, clean(value)]),
  )
  return { ...sent, outcome: { ...outcome, headers, body: clean(outcome.body) } }
}
