import type { Destination } from '../destinations/destination.ts'
import { requestTargetOf } from '../receivers/receiver-url.ts'
import type { ClaimTarget } from './ports.ts'
import type { SteppedRequest } from './send-with-access.ts'

interface RequestContent {
  deliveryId: string
  siteId: number
  payload: string
  sentAt: Date
}

/** Composes the request of one attempt from the destination type's parts and the saved destination's headers. */
export function composeRequest(
  { deliveryId, siteId, payload, sentAt }: RequestContent,
  target: Pick<ClaimTarget, 'url' | 'headers' | 'signingSecrets'>,
  destination: Destination,
  userAgent: string,
): SteppedRequest {
  const written = new URL(target.url)
  const prepared = destination.prepareRequest(new URL(written), userAgent, payload)
  const timestamp = Math.floor(sentAt.getTime() / 1_000)
  return {
    method: prepared.method ?? 'POST',
    url: prepared.url,
    ...(prepared.url.href === written.href && { target: requestTargetOf(target.url) }),
    headers: mergeHeaders(
      { 'content-type': 'application/json', 'user-agent': userAgent },
      prepared.headers,
      target.headers,
    ),
    body: prepared.body ?? payload,
    ...(prepared.step === undefined ? {} : { step: prepared.step }),
    signing: destination.traits.signed ? { id: deliveryId, timestamp, secrets: target.signingSecrets } : null,
    siteId,
    freshConnection: !destination.traits.repeatable,
  }
}

/** Header names are case-insensitive (RFC 9110 §5.1): of equal ones the last is sent. */
function mergeHeaders(...all: readonly Readonly<Record<string, string>>[]): Record<string, string> {
  const entries = all.flatMap((headers) => Object.entries(headers))
  const last = new Map(entries.map((entry) => [entry[0].toLowerCase(), entry]))
  return Object.fromEntries(last.values())
}
