import { tlsRemedy } from './describe-tls-failure.ts'
import type { Outcome } from './outcome.ts'

/** The outcomes without a response of a receiver, a token endpoint or a proxy. Their kind alone decides the verdict. */
export type NoResponse = Exclude<Outcome, { kind: 'answered' | 'authorization_failed' | 'proxy_failed' }>

type UnsentKind = 'visitor_gone' | 'destination_gone' | 'superseded' | 'unchanged'

/** Describes for people what happened and what they can do. */
export function describeOutcome(outcome: NoResponse): [message: string, remedy: string] {
  switch (outcome.kind) {
    case 'address_forbidden':
      return [
        `The receiver's address is not allowed: ${outcome.reason}.`,
        'Use a public address, or ask an administrator to allow this one in GHOSTPOST_ALLOWED_ADDRESSES.',
      ]
    case 'name_not_resolved':
      return describeResolution(outcome.code)
    case 'lookup_not_started':
      return [
        "The receiver's host name was not looked up, because too many other look-ups are in progress.",
        'The system retries by itself. The receiver is not at fault.',
      ]
    case 'connection_failed':
      return [
        `No connection to the receiver (${outcome.code}).`,
        'Check that the receiver is running and reachable from here.',
      ]
    case 'tls_failed':
      return [
        `The receiver's TLS certificate or handshake failed (${outcome.code}).`,
        tlsRemedy(outcome.code),
      ]
    case 'timed_out':
      return outcome.phase === 'connect'
        ? [
            'The receiver did not accept a connection in time.',
            'Check that the receiver is reachable from here.',
          ]
        : [
            'The receiver accepted the request but did not respond in time.',
            'Change the receiver: respond first, then process the request.',
          ]
    case 'connection_lost':
      return [
        `The connection was lost before the receiver responded (${outcome.code}).`,
        'The system retries by itself. If this persists, check whether the receiver crashes or restarts.',
      ]
    case 'answer_malformed':
      return [
        `The receiver's response is not valid HTTP (${outcome.code}).`,
        'Check which service listens on this address.',
      ]
    case 'interrupted':
      return [
        'The worker stopped during this attempt. Whether the receiver got the request is unknown.',
        'The system retries by itself. If this persists, check why workers stop.',
      ]
    case 'visitor_gone':
    case 'destination_gone':
    case 'superseded':
    case 'unchanged':
      return describeUnsent(outcome)
  }
}

/** Outcomes of attempts that had nothing to send. */
function describeUnsent({
  kind,
}: Extract<NoResponse, { kind: UnsentKind }>): [message: string, remedy: string] {
  switch (kind) {
    case 'visitor_gone':
      return ['The visitor no longer exists, so there is nothing to send.', 'Export a visitor that exists.']
    case 'destination_gone':
      return ['The saved destination no longer exists.', 'Export again to another destination.']
    case 'superseded':
      return [
        'A newer snapshot of this visitor has been delivered. This one would overwrite it.',
        'Nothing needs to be done: the receiver has the newer snapshot.',
      ]
    case 'unchanged':
      return [
        'The receiver has accepted the same values of this visitor already.',
        'Nothing needs to be done. To send them again, set the option unchanged to send.',
      ]
  }
}

function describeResolution(code: string): [message: string, remedy: string] {
  return code === 'ETIMEOUT'
    ? [
        `The look-up of the receiver's host name timed out (${code}).`,
        'Check its DNS records, and the name servers that answer for them.',
      ]
    : [
        `The receiver's host name could not be resolved (${code}).`,
        'Check the host name and its DNS records.',
      ]
}
