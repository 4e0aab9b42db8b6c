import type { AccessResult, Authorize } from './access.ts'
import type { Destination, RequestVariant } from '../destinations/destination.ts'
import { openSecretMask } from '../receivers/mask-response.ts'
import type { Outcome } from './outcome.ts'
import type { OutboundRequest, SendRequest, SendResult } from './ports.ts'
import type { RecordReference } from './verdict.ts'

interface SendPorts {
  send: SendRequest
  authorize: Authorize
  now: () => Date
}

/** A request with the word of its step. */
export type SteppedRequest = OutboundRequest & Pick<RequestVariant, 'step'>

interface SendInput {
  destination: Destination
  /** Null for the URL of a single export, which has no credentials. */
  destinationId: string | null
  webhookUrl: string
  payload: string
  request: SteppedRequest
  /** The record that an earlier export of the visitor wrote. */
  earlierRecord?: RecordReference | null | undefined
  /** Upper bound for all requests together, in milliseconds. */
  withinMs: number
}

/** The most requests of one attempt, those for access tokens apart. */
const variantsMax = 12

/**
 * Sends an attempt's request. Where the destination needs an access token, renews it once if the receiver refuses it.
 * Where a response says that another variant would be accepted, or that a further step is needed, sends that one.
 * Returns the outcome of the last request whose response decides.
 */
export async function sendWithAccess(input: SendInput, ports: SendPorts): Promise<SendResult> {
  const { destination, request, payload } = input
  if (!destination.access && !destination.nextVariant) return ports.send(request)
  const startedAt = ports.now()
  const deadlineMs = startedAt.getTime() + input.withinMs
  const remainingMs = (): number => Math.max(deadlineMs - ports.now().getTime(), 1)
  let current: OutboundRequest & RequestVariant = request
  let decisive = null as SendResult | null
  let pauseMs = 0
  let mayBeRepeat = false
  for (let requests = 1; ; requests += 1) {
    const sent = await sendVariant({ ...input, request: current }, ports, remainingMs)
    const { outcome } = sent
    mayBeRepeat ||= sent.mayBeRepeat === true
    if (decisive === null || !current.isAside) {
      decisive = { requestUrl: current.url, ...sent, ...omittedIn(current) }
    } else if (current.omitted) decisive = { ...decisive, ...omittedIn(current) }
    if (outcome.kind === 'answered') pauseMs = Math.max(pauseMs, destination.pauseAfter?.(outcome) ?? 0)
    const isLast = outcome.kind !== 'answered' || requests === variantsMax
    const next = isLast ? null : destination.nextVariant?.(current, outcome, payload, input.earlierRecord)
    if (!next) {
      const durationMs = ports.now().getTime() - startedAt.getTime()
      return { ...decisive, requests, pauseMs, startedAt, durationMs, mayBeRepeat }
    }
    const { target: _written, ...rest } = current
    current = { ...rest, ...next }
  }
}

function omittedIn({ omitted }: RequestVariant): Pick<SendResult, 'omitted'> {
  return omitted === undefined ? {} : { omitted }
}

async function sendVariant(
  input: SendInput,
  ports: SendPorts,
  remainingMs: () => number,
): Promise<SendResult> {
  const { destination, request } = input
  const { access } = destination
  if (!access) return maskToken(await ports.send({ ...request, withinMs: remainingMs() }), tokenIn(request))
  const first = await requestAccess(input, ports, null, remainingMs())
  if (first.kind === 'failed') return authorizationFailed(first, ports)
  const sent = await sendWithToken(first, request, ports, remainingMs())
  if (sent.outcome.kind !== 'answered' || !access.isRefused(sent.outcome)) return sent
  const second = await requestAccess(input, ports, first.token, remainingMs())
  return second.kind === 'failed'
    ? authorizationFailed(second, ports)
    : sendWithToken(second, request, ports, remainingMs())
}

function requestAccess(
  { destination, destinationId, webhookUrl, request }: SendInput,
  ports: SendPorts,
  refusedToken: string | null,
  withinMs: number,
): Promise<AccessResult> {
  const credentials = destination.access?.credentials
  if (!credentials || destinationId === null) throw new Error('an access token needs a saved destination')
  return ports.authorize({
    destinationId,
    siteId: request.siteId,
    credentials,
    webhookUrl: new URL(webhookUrl),
    refusedToken,
    withinMs,
  })
}

async function sendWithToken(
  { token, origin }: Extract<AccessResult, { kind: 'granted' }>,
  request: OutboundRequest,
  ports: SendPorts,
  withinMs: number,
): Promise<SendResult> {
  const { pathname, search } = request.url
  const url = new URL(pathname + search, origin)
  const headers = { ...request.headers, authorization: `Bearer ${token}` }
  const { target: _written, ...rest } = request
  return { ...maskToken(await ports.send({ ...rest, url, headers, withinMs }), token), requestUrl: url }
}

function authorizationFailed(
  { failure }: Extract<AccessResult, { kind: 'failed' }>,
  ports: SendPorts,
): SendResult {
  const outcome: Outcome =
    failure.kind === 'proxy_failed' || failure.kind === 'lookup_not_started'
      ? failure
      : { kind: 'authorization_failed', failure }
  return { outcome, startedAt: ports.now(), durationMs: 0 }
}

function tokenIn({ headers }: OutboundRequest): string {
  return headers['authorization']?.replace(/^Bearer /, '') ?? ''
}

/** Masks a token that the response repeats, because responses are stored and shown. */
function maskToken(sent: SendResult, token: string): SendResult {
  const { outcome } = sent
  if (outcome.kind !== 'answered' || token === '') return sent
  return { ...sent, outcome: openSecretMask({ others: [token] }, '***').response(outcome) }
}
