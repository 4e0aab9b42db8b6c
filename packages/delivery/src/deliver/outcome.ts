/** What the receiver did, as a value. The sender never throws for anything a receiver or the network does. */
export type Outcome =
  | HttpResponse
  /** The address policy refused the receiver; nothing was connected. `reason` is one of the policy's names. */
  | { kind: 'address_forbidden'; reason: string }
  | { kind: 'name_not_resolved'; code: string }
  /** No connection; nothing was sent. */
  | { kind: 'connection_failed'; code: string }
  | { kind: 'tls_failed'; code: string }
  /** `connect`: nothing was sent. `answer`: the request was sent, and no complete answer head came in time. */
  | { kind: 'timed_out'; phase: 'connect' | 'answer' }
  /** The connection broke after the request was sent, before an answer. */
  | { kind: 'connection_lost'; code: string }
  /** Something came back that is no HTTP answer, or whose head is over the limits. */
  | { kind: 'answer_malformed'; code: string }
  /** The worker that held the claim died; whether it had sent the request is not known. */
  | { kind: 'interrupted' }
  /** The visitor this delivery was about is gone; there is nothing to send. */
  | { kind: 'visitor_gone' }
  /** The saved destination this delivery was for is gone. */
  | { kind: 'destination_gone' }
  /** A newer snapshot of the visitor has been delivered; sending this one would overwrite it. */
  | { kind: 'superseded' }
  /** No access token could be got; nothing was sent to the receiver, or it refused what was sent. */
  | { kind: 'authorization_failed'; failure: AuthorizationFailure }
  | ProxyFailed

export interface HttpResponse {
  kind: 'answered'
  status: number
  /** Lower-case names; repeated headers joined with ", ". */
  headers: Readonly<Record<string, string>>
  /** What was read of the body, decoded as UTF-8; at most `responseBytesMax` bytes were read. */
  body: string
  /** Bytes read, whether or not all are kept in `body`. */
  bodyBytes: number
  /** Why the body ends where it does: complete, over the size cap, at the deadline, or the connection broke. */
  bodyEnd: 'complete' | 'size' | 'deadline' | 'reset'
}

/** Why there is no access token. It contains no text of the token endpoint, which might repeat a secret. */
export type AuthorizationFailure =
  /** The response has no token. `error` is OAuth's code, empty when the response has none. */
  | { kind: 'refused'; status: number; error: string; retryAfter: string | null }
  /** The address policy refused the token endpoint's address. */
  | { kind: 'address_forbidden'; reason: string }
  /** No response; `code` is the kind of failure. */
  | { kind: 'no_answer'; code: string }
  /** The private key cannot sign. */
  | { kind: 'key_unusable' }

/** The egress proxy opened no tunnel; nothing was sent to the receiver. */
export interface ProxyFailed {
  kind: 'proxy_failed'
  code: ProxyFailureCode
}

export type ProxyFailureCode =
  /** No connection to it: refused, no such name, no TLS. */
  | 'PROXY_UNREACHABLE'
  /** It closed the connection before it had answered. */
  | 'PROXY_CLOSED'
  /** No connection, or no answer, within the connect deadline. */
  | 'PROXY_TIMEOUT'
  /** What it said is no answer to CONNECT, or is too long. */
  | 'PROXY_MALFORMED'
  /** 407. */
  | 'PROXY_AUTH_REQUIRED'
  /** 403. */
  | 'PROXY_REFUSED'
  | `PROXY_STATUS_${number}`

/** True when the receiver may have acted on the request although no answer says so. */
export function isOutcomeUnknown(outcome: Outcome): boolean {
  if (outcome.kind === 'timed_out') return outcome.phase === 'answer'
  return (
    outcome.kind === 'connection_lost' ||
    outcome.kind === 'answer_malformed' ||
    outcome.kind === 'interrupted'
  )
}
