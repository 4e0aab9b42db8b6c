import type { HttpResponse, OutboundRequest, Outcome } from '@ghostpost/delivery/deliver'
import { destinationTypes, type WebhookType } from '@ghostpost/delivery/destinations'

/** How a receiver reacts to a request. */
export const reactions = ['accept', 'unavailable', 'throttle', 'refuse', 'gone', 'hang', 'drop'] as const

export type Reaction = (typeof reactions)[number]

/** The wait that a throttling receiver asks for, in seconds. */
export const retryAfterSeconds = 7

/** Some types read the wait from the body. */
const throttled = JSON.stringify({ message: 'slow down', retry_after: retryAfterSeconds, global: false })

/** A line of a receiver's own log. */
export interface ReceivedRequest {
  deliveryId: string
  webhookType: WebhookType
  reaction: Reaction
  atMs: number
  /** When the attempt sent it. */
  sentAtMs: number
  body: string
  /** The signature's timestamp, in milliseconds; null without a signature. */
  signedAtMs: number | null
}

export interface Receivers {
  log: readonly ReceivedRequest[]
  /** Handles one request; null when it gives no response. */
  receive: (request: Arrival) => Outcome | null
}

interface Arrival {
  deliveryId: string
  webhookType: WebhookType
  request: OutboundRequest
  atMs: number
  sentAtMs: number
}

/** @param reactionsOf the reactions to the first requests of a delivery; later ones are accepted */
export function openReceivers(reactionsOf: (deliveryId: string) => readonly Reaction[]): Receivers {
  const log: ReceivedRequest[] = []
  const counts = new Map<string, number>()
  return {
    log,
    receive: ({ deliveryId, webhookType, request, atMs, sentAtMs }) => {
      const count = counts.get(deliveryId) ?? 0
      counts.set(deliveryId, count + 1)
      const reaction = reactionsOf(deliveryId)[count] ?? 'accept'
      const { body, signing } = request
      const signedAtMs = signing && signing.timestamp * 1_000
      log.push({ deliveryId, webhookType, reaction, atMs, sentAtMs, body, signedAtMs })
      return outcomeOf(reaction, webhookType)
    },
  }
}

function outcomeOf(reaction: Reaction, webhookType: WebhookType): Outcome | null {
  switch (reaction) {
    case 'accept':
      return accepted(webhookType)
    case 'unavailable':
      return response(503, 'unavailable')
    case 'throttle':
      return { ...response(429, throttled), headers: { 'retry-after': String(retryAfterSeconds) } }
    case 'refuse':
      return response(400, 'no')
    case 'gone':
      return response(410, 'gone')
    case 'drop':
      return { kind: 'connection_lost', code: 'ECONNRESET' }
    case 'hang':
      return null
  }
}

function accepted(webhookType: WebhookType): HttpResponse {
  const sample = destinationTypes[webhookType].sampleResponse
  return sample ? response(sample.status, sample.body) : response(200, 'ok')
}

function response(status: number, body: string): HttpResponse {
  return { kind: 'answered', status, headers: {}, body, bodyBytes: body.length, bodyEnd: 'complete' }
}
