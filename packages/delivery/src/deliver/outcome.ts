/** What the receiver did, as a value. The sender never throws for a failure of the receiver or the network. */
export type Outcome =
  | HttpResponse
  /** The address policy refused the receiver; no connection was opened. `reason` is one of the policy's names. */
  | { kind: 'address_forbidden'; reason: string }
  /** `code`: the resolver's code; `ETIMEOUT` when the look-up took too long. */
  | { kind: 'name_not_resolved'; code: string }
  | LookupNotStarted
  /** No connection; nothing was sent. */
  | { kind: 'connection_failed'; code: string }
  | { kind: 'tls_failed'; code: string }
  /** `connect`: nothing was sent. `answer`: the request was sent, and no complete response head came in time. */
  | { kind: 'timed_out'; phase: 'connect' | 'answer' }
  /** The connection broke after the request was sent and before a response. */
  | { kind: 'connection_lost'; code: string }
  /** The received bytes are not an HTTP response, or the response head exceeds the limits. */
  | { kind: 'answer_malformed'; code: string }
  /** The worker that had the claim died; whether it had sent the request is unknown. */
  | { kind: 'interrupted' }
  /** The visitor of this delivery no longer exists; there is nothing to send. */
  | { kind: 'visitor_gone' }
  /** The saved destination of this delivery no longer exists. */
  | { kind: 'destination_gone' }
  /** A newer snapshot of the visitor has been delivered; this one would overwrite it. */
  | { kind: 'superseded' }
  /** The receiver has accepted the same payload already. */
  | { kind: 'unchanged' }
  /** No access token: nothing was sent to the receiver, or the receiver refused the last token. */
  | { kind: 'authorization_failed'; failure: AuthorizationFailure }
  | ProxyFailed

export interface HttpResponse {
  kind: 'answered'
  status: number
  /** Lower-case names; repeated headers joined with ", ". */
  headers: Readonly<Record<string, string>>
  /** The body as far as it was read, decoded; empty if its content coding could not be undone. */
  body: string
  /** Bytes read, including those that are not in `body`. */
  bodyBytes: number
  /** Why reading ended: body complete, size limit, deadline, or connection broken. */
  bodyEnd: 'complete' | 'size' | 'deadline' | 'reset'
  /** What is wrong with a response that counts because its status line is readable; absent for nothing. */
  fault?: string
}

/** Why there is no access token. Never contains the token endpoint's own text: that text might repeat a secret. */
export type AuthorizationFailure =
  /** It responded without a token. `error` is OAuth's code, empty when the response had none. */
  | { kind: 'refused'; status: number; error: string; retryAfter: string | null }
  /** The address policy forbids its address. */
  | { kind: 'address_forbidden'; reason: string }
  /** It did not respond; `code` is the kind of failure. */
  | { kind: 'no_answer'; code: string }
  /** The private key cannot sign. */
  | { kind: 'key_unusable' }

/** Too many other names were being looked up. It says nothing about the receiver; nothing was sent. */
export interface LookupNotStarted {
  kind: 'lookup_not_started'
}

/** The egress proxy opened no tunnel; nothing was sent to the receiver. */
export interface ProxyFailed {
  kind: 'proxy_failed'
  code: ProxyFailureCode
}

export type ProxyFailureCode =
  /** No connection to the proxy: refused, name not resolved, or TLS failed. */
  | 'PROXY_UNREACHABLE'
  /** The proxy closed the connection before it responded. */
  | 'PROXY_CLOSED'
  /** No connection or no response within the connect deadline. */
  | 'PROXY_TIMEOUT'
  /** The received bytes are not a response to CONNECT, or exceed the size limit. */
  | 'PROXY_MALFORMED'
  /** 407. */
  | 'PROXY_AUTH_REQUIRED'
  /** 403. */
  | 'PROXY_REFUSED'
  | `PROXY_STATUS_${number}`

/** True when the receiver may have acted on the request although no response says so. */
export function isOutcomeUnknown(outcome: Outcome): boolean {
  if (outcome.kind === 'timed_out') return outcome.phase === 'answer'
  return (
    outcome.kind === 'connection_lost' ||
    outcome.kind === 'answer_malformed' ||
    outcome.kind === 'interrupted'
  )
}
