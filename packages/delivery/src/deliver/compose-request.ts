import type { Destination } from '../destinations/destination.ts'
import type { Claim, ClaimTarget, OutboundRequest } from './ports.ts'

/** Composes the request of one attempt from the destination type and the saved destination's additions. */
export function composeRequest(
  claim: Claim,
  target: ClaimTarget,
  destination: Destination,
  payload: string,
  now: Date,
  userAgent: string,
): OutboundRequest {
  const prepared = destination.prepareRequest(new URL(target.url), userAgent, payload)
  const timestamp = Math.floor(now.getTime() / 1_000)
  return {
    method: prepared.method ?? 'POST',
    url: prepared.url,
    headers: {
      'content-type': 'application/json',
      'user-agent': userAgent,
      ...prepared.headers,
      ...target.headers,
    },
    body: prepared.body ?? payload,
    signing: destination.traits.signed
      ? { id: claim.deliveryId, timestamp, secrets: target.signingSecrets }
      : null,
    freshConnection: !destination.traits.repeatable,
  }
}
