import type { Outcome } from './outcome.ts'

/** What is judged by its kind alone: nobody answered, neither a receiver nor a token endpoint nor a proxy. */
export type NoResponse = Exclude<Outcome, { kind: 'answered' | 'authorization_failed' | 'proxy_failed' }>

/** What happened, and what to do about it, for a person. */
export function describeOutcome(outcome: NoResponse): [message: string, remedy: string] {
  switch (outcome.kind) {
    case 'address_forbidden':
      return [
        `The receiver's address is not allowed: ${outcome.reason}.`,
        'Use a public address, or let an administrator allow this one in GHOSTPOST_ALLOWED_ADDRESSES.',
      ]
    case 'name_not_resolved':
      return [
        `The receiver's host name could not be resolved (${outcome.code}).`,
        'Check the host name and its DNS records.',
      ]
    case 'connection_failed':
      return [
        `No connection to the receiver (${outcome.code}).`,
        'Check that the receiver is running and reachable from here.',
      ]
    case 'tls_failed':
      return [
        `The receiver's TLS certificate or handshake failed (${outcome.code}).`,
        'Renew or repair the certificate.',
      ]
    case 'timed_out':
      return outcome.phase === 'connect'
        ? [
            'The receiver did not accept a connection in time.',
            'Check that the receiver is reachable from here.',
          ]
        : [
            'The receiver took the request but did not answer in time.',
            'Answer first, and do the work afterwards.',
          ]
    case 'connection_lost':
      return [
        `The connection was lost before the receiver answered (${outcome.code}).`,
        'It is tried again by itself; if it stays, look whether the receiver ends or restarts.',
      ]
    case 'answer_malformed':
      return [
        `The receiver's answer is not valid HTTP (${outcome.code}).`,
        'Check what listens on this address.',
      ]
    case 'interrupted':
      return [
        'The worker stopped during this attempt; whether the receiver got the request is not known.',
        'It is tried again by itself; if it stays, look why workers end.',
      ]
    case 'visitor_gone':
      return ['The visitor no longer exists, so there is nothing to send.', 'Export a visitor that exists.']
    case 'destination_gone':
      return ['The saved destination no longer exists.', 'Export again to another destination.']
    case 'superseded':
      return [
        'A newer snapshot of this visitor has been delivered; this one would overwrite it.',
        'Nothing is to be done: the newer one is there.',
      ]
  }
}
