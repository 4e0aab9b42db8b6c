import type { Outcome } from '@ghostpost/delivery/deliver'
import { AddressForbiddenError } from './guarded-connector.ts'
import { LookupNotStartedError, NameNotResolvedError } from './names/index.ts'
import { ProxyFailedError } from './open-tunnel.ts'

const tlsFailed =
  /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|HOSTNAME_MISMATCH|INVALID_CA|CRL_|EPROTO)/
const malformed =
  /^(HPE_|ERR_ASSERTION|UND_ERR_HEADERS_OVERFLOW|UND_ERR_RES_CONTENT_LENGTH|UND_ERR_INVALID_RET|UND_ERR_NOT_SUPPORTED)/
/**
 * TLS 1.3: the client has finished its handshake and sent the request when the receiver refuses the client's (missing)
 * certificate or the connection's parameters. It processes no request before its own handshake ends (RFC 8446
 * §4.4.2.4).
 */
const refusedHandshake =
  /^ERR_SSL_.*ALERT_(.*CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED|DECRYPT_ERROR|HANDSHAKE_FAILURE|INSUFFICIENT_SECURITY)/
/** undici's messages for a response that switches protocols, or that asks for a body we have already sent. */
const unfitResponse = /^bad (response|upgrade)$/
const timedOut = /^(ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT|UND_ERR_HEADERS_TIMEOUT)$/

/** `sent`: the client had begun to write the request, to a new connection or to one of an earlier request. */
export type ExchangePhase = 'connecting' | 'sent' | 'reused'

/**
 * Converts an error of the HTTP client into an outcome. It never uses the message, which may contain the receiver's
 * URL, except the reason of the parser.
 */
export function outcomeOfError(error: Error, phase: ExchangePhase): Outcome {
  if (error instanceof AddressForbiddenError) return { kind: 'address_forbidden', reason: error.reason }
  if (error instanceof NameNotResolvedError) return { kind: 'name_not_resolved', code: error.code }
  if (error instanceof LookupNotStartedError) return { kind: 'lookup_not_started' }
  if (error instanceof ProxyFailedError) return { kind: 'proxy_failed', code: error.code }
  const code = codeOf(error)
  const sent = phase !== 'connecting'
  if (sent && (malformed.test(code) || unfitResponse.test(error.message)))
    return { kind: 'answer_malformed', code }
  if (timedOut.test(code)) return { kind: 'timed_out', phase: sent ? 'answer' : 'connect' }
  const isTlsFailure = phase === 'sent' ? refusedHandshake.test(code) : !sent && tlsFailed.test(code)
  if (isTlsFailure) return { kind: 'tls_failed', code }
  return { kind: sent ? 'connection_lost' : 'connection_failed', code }
}

const parserReason = /\(([\w\s`'".,:;/-]{1,100})\)$/

/** What the HTTP client dislikes about a response, one of a few fixed texts; null for other errors. */
export function parserFaultOf(error: Error): string | null {
  if (error.name === 'HeadersOverflowError') return 'headers too large'
  return error.name === 'HTTPParserError' ? (parserReason.exec(error.message)?.[1] ?? null) : null
}

/** The error's code; of several addresses the codes of all of them, each once. */
function codeOf(error: Error): string {
  if (error instanceof AggregateError)
    return [...new Set(errorsIn(error).map(codeOf))].join(', ') || 'UNKNOWN'
  // undici 8.12 leaves this error's code undefined.
  if (error.name === 'HTTPParserError') return `HPE_INVALID${reasonSuffix(parserFaultOf(error))}`
  if ('code' in error && typeof error.code === 'string') return error.code
  return error.cause instanceof Error ? codeOf(error.cause) : 'UNKNOWN'
}

function reasonSuffix(reason: string | null): string {
  return reason === null ? '' : `: ${reason}`
}

function errorsIn({ errors }: AggregateError): Error[] {
  return (errors as readonly unknown[]).filter((one) => one instanceof Error)
}
