import type { Outcome } from '@ghostpost/delivery/deliver'
import { AddressForbiddenError } from './guarded-connector.ts'
import { LookupNotStartedError, NameNotResolvedError } from './names/index.ts'
import { ProxyFailedError } from './open-tunnel.ts'

const tlsFailed =
  /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|HOSTNAME_MISMATCH|INVALID_CA|CRL_|EPROTO)/
const malformed =
  /^(HPE_|UND_ERR_HEADERS_OVERFLOW|UND_ERR_RES_CONTENT_LENGTH|UND_ERR_INVALID_RET|UND_ERR_NOT_SUPPORTED)/
/** undici's messages for a response that switches protocols, or that asks for a body we have already sent. */
const unfitResponse = /^bad (response|upgrade)$/
const timedOut = /^(ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT|UND_ERR_HEADERS_TIMEOUT)$/

/**
 * Converts an error of the HTTP client into an outcome. It never uses the message, which may contain the receiver's
 * URL.
 * @param sent whether the client had begun to write the request
 */
export function outcomeOfError(error: Error, sent: boolean): Outcome {
  if (error instanceof AddressForbiddenError) return { kind: 'address_forbidden', reason: error.reason }
  if (error instanceof NameNotResolvedError) return { kind: 'name_not_resolved', code: error.code }
  if (error instanceof LookupNotStartedError) return { kind: 'lookup_not_started' }
  if (error instanceof ProxyFailedError) return { kind: 'proxy_failed', code: error.code }
  const code = codeOf(error)
  if (sent && (malformed.test(code) || unfitResponse.test(error.message)))
    return { kind: 'answer_malformed', code }
  if (timedOut.test(code)) return { kind: 'timed_out', phase: sent ? 'answer' : 'connect' }
  if (sent) return { kind: 'connection_lost', code }
  return tlsFailed.test(code) ? { kind: 'tls_failed', code } : { kind: 'connection_failed', code }
}

/** The error's code; of several addresses the codes of all of them, each once. */
function codeOf(error: Error): string {
  if (error instanceof AggregateError)
    return [...new Set(errorsIn(error).map(codeOf))].join(', ') || 'UNKNOWN'
  // undici 8.12 leaves this error's code undefined.
  if (error.name === 'HTTPParserError') return 'HPE_INVALID'
  if ('code' in error && typeof error.code === 'string') return error.code
  return error.cause instanceof Error ? codeOf(error.cause) : 'UNKNOWN'
}

function errorsIn({ errors }: AggregateError): Error[] {
  return (errors as readonly unknown[]).filter((one) => one instanceof Error)
}
