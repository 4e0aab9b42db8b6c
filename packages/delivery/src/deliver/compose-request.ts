import type { AttemptSettings } from './attempt-delivery.ts'
import type { Destination } from '../destinations/destination.ts'
import type { Claim, ClaimTarget, OutboundRequest } from './ports.ts'

/** The request of one attempt: what the destination's type asks for, and what a saved destination adds. */
export function composeRequest(
  claim: Claim,
  target: ClaimTarget,
  destination: Destination,
  payload: string,
  now: Date,
  settings: Pick<AttemptSettings, 'userAgent'>,
): OutboundRequest {
  const prepared = destination.prepareRequest(new URL(target.url), settings.userAgent, payload)
  const timestamp = Math.floor(now.getTime() / 1_000)
  return {
    method: prepared.method ?? 'POST',
    url: prepared.url,
    headers: {
      'content-type': 'application/json',
      'user-agent': settings.userAgent,
      ...prepared.headers,
      ...target.headers,
    },
    body: prepared.body ?? payload,
    signing: destination.sendsWebhookId
      ? { id: claim.deliveryId, timestamp, secrets: target.signingSecrets }
      : null,
    freshConnection: !destination.repeatable,
  }
}
