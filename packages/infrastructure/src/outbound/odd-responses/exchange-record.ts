import { headersOf, statusOf } from './response-head.ts'

/** What a connection shows about one exchange beyond what the HTTP client reports. */
export interface ExchangeRecord {
  /** The head of the final response as far as it was received; null before its status is readable. */
  head: Buffer | null
  /** What is wrong with a response that nevertheless counts; null for none. */
  fault: string | null
  /** Bytes of a response of any kind arrived. */
  hasReceived: boolean
  /** The first error of the connection. */
  error: Error | null
}

let starting: ExchangeRecord | null = null

export function newExchangeRecord(): ExchangeRecord {
  return { head: null, fault: null, hasReceived: false, error: null }
}

/**
 * Names the exchange whose request the HTTP client writes next. The client writes synchronously after it has called
 * the handler that calls this, and it tells nobody else which connection an exchange uses.
 */
export function startRecording(record: ExchangeRecord): void {
  starting = record
}

/** The exchange whose request begins with the bytes being written; null for the later bytes of a request. */
export function takeRecord(): ExchangeRecord | null {
  const record = starting
  starting = null
  return record
}

/** The status and headers of a response of which the client reported none; null if its status is not readable. */
export function readableHead({ head }: ExchangeRecord): ReadableHead | null {
  const text = head?.toString('latin1') ?? ''
  const status = statusOf(text)
  return status === null ? null : { status, headers: headersOf(text) }
}

interface ReadableHead {
  status: number
  headers: Record<string, string>
}
