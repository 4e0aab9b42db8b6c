import type {
  ExchangeTimings,
  HttpResponse,
  OutboundRequest,
  Outcome,
  SendResult,
} from '@ghostpost/delivery/deliver'
import { maskHeaders } from '@ghostpost/delivery/receivers'
import type { IncomingHttpHeaders } from 'node:http'
import { newPhases, phasesStorage, type ConnectionPhases } from './connection-phases.ts'
import { outcomeOfError } from './outcome-of-error.ts'
import { signatureHeaders } from './sign-request.ts'
import type { Agent, Dispatcher } from 'undici'

export interface ExchangeLimits {
  /** Limit for name resolution, connection and TLS. */
  connectTimeoutMs: number
  /** Limit from the start to the end of the response headers. */
  responseTimeoutMs: number
  /** Limit for the whole exchange, including the response body. */
  totalTimeoutMs: number
}

const deadlineError = new Error('deadline exceeded')

/** undici refuses to write these requests. That is our bug, not the receiver's failure. */
const invalidRequestCode = /^UND_ERR_(INVALID_ARG|NOT_SUPPORTED|REQ_CONTENT_LENGTH_MISMATCH)$/

/**
 * Runs one HTTP exchange. It settles at the latest when the last deadline passes. Failures of the receiver are
 * outcomes; it rejects only if undici cannot write the request, for example because of a line break in a header.
 */
export function exchange(
  agent: Agent,
  request: OutboundRequest,
  limits: ExchangeLimits,
): Promise<SendResult> {
  const startedAt = new Date()
  const start = performance.now()
  const { promise, resolve, reject } = Promise.withResolvers<SendResult>()
  const headers = headersOf(request)
  const body = Buffer.from(request.body, 'utf8')
  const running = new Exchange(
    request.siteId,
    (outcome) => {
      const durationMs = performance.now() - start
      const trace = {
        requestMethod: request.method ?? 'POST',
        requestBody: request.body,
        requestHeaders: maskHeaders(headers),
        requestBytes: body.length,
        timings: running.timings(start, durationMs),
      }
      resolve({ outcome, startedAt, durationMs, trace })
    },
    reject,
  )
  running.setDeadlines(limits)
  phasesStorage.run(running.phases, () =>
    agent.dispatch(dispatchOptions(request, headers, body), running.handler()),
  )
  return promise
}

function headersOf({ headers, signing, body }: OutboundRequest): Record<string, string> {
  return { ...headers, ...(signing && signatureHeaders(signing, body)) }
}

function dispatchOptions(
  { method = 'POST', url }: OutboundRequest,
  headers: Record<string, string>,
  body: Buffer,
): Dispatcher.DispatchOptions {
  return {
    origin: url.origin,
    path: url.pathname + url.search,
    method,
    headers,
    body,
  }
}

class Exchange {
  readonly phases: ConnectionPhases
  readonly #settle: (outcome: Outcome) => void
  readonly #fail: (error: Error) => void
  readonly #timers: NodeJS.Timeout[] = []
  #controller: Dispatcher.DispatchController | undefined
  #response: ResponseCollector | undefined
  #settled = false
  #requestAt: number | undefined
  #responseAt: number | undefined

  constructor(siteId: number | undefined, settle: (outcome: Outcome) => void, fail: (error: Error) => void) {
    this.phases = newPhases(siteId === undefined ? '' : String(siteId))
    this.#settle = settle
    this.#fail = fail
  }

  setDeadlines({ connectTimeoutMs, responseTimeoutMs, totalTimeoutMs }: ExchangeLimits): void {
    const setDeadline = (ms: number, isDue: () => boolean): void => {
      this.#timers.push(setTimeout(() => isDue() && this.#giveUp(), ms))
    }
    setDeadline(Math.min(connectTimeoutMs, totalTimeoutMs), () => this.#controller === undefined)
    setDeadline(Math.min(responseTimeoutMs, totalTimeoutMs), () => this.#response === undefined)
    setDeadline(totalTimeoutMs, () => true)
  }

  handler(): Dispatcher.DispatchHandler {
    return {
      // undici calls this once connected, before it writes the first byte. Until now nothing was sent.
      onRequestStart: (controller) => {
        this.#controller = controller
        this.#requestAt = performance.now()
        if (this.#settled) controller.abort(deadlineError)
      },
      onResponseStart: (_controller, status, headers) => {
        if (status < 200) return
        this.#response = createResponseCollector(status, headers)
        this.#responseAt = performance.now()
      },
      onResponseData: (_controller, chunk) => {
        if (this.#response && !this.#response.add(chunk)) this.#finish(this.#response.outcome('size'))
      },
      onResponseEnd: () => {
        if (this.#response) this.#finish(this.#response.outcome('complete'))
      },
      onResponseError: (_controller, error) => {
        if (!this.#controller && 'code' in error && invalidRequestCode.test(String(error.code)))
          this.#fail(error)
        const failed = outcomeOfError(error, this.#controller !== undefined)
        this.#finish(this.#response ? this.#response.outcome('reset') : failed)
      },
    }
  }

  /** @param start start of the exchange, from `performance.now()` */
  timings(start: number, totalMs: number): ExchangeTimings {
    const { dnsMs, connectMs, tlsMs } = this.phases
    const requestAt = this.#requestAt ?? start
    return {
      reusedConnection: this.#requestAt !== undefined && connectMs === null,
      dnsMs,
      connectMs,
      tlsMs,
      firstByteMs: this.#responseAt === undefined ? null : this.#responseAt - requestAt,
      totalMs,
    }
  }

  #giveUp(): void {
    if (this.#response) return this.#finish(this.#response.outcome('deadline'))
    if (this.#controller) return this.#finish({ kind: 'timed_out', phase: 'answer' })
    const { atProxy, isLookupSlow } = this.phases
    if (atProxy) return this.#finish({ kind: 'proxy_failed', code: 'PROXY_TIMEOUT' })
    if (isLookupSlow === null) return this.#finish({ kind: 'timed_out', phase: 'connect' })
    return this.#finish(
      isLookupSlow() ? { kind: 'name_not_resolved', code: 'ETIMEOUT' } : { kind: 'lookup_not_started' },
    )
  }

  #finish(outcome: Outcome): void {
    if (this.#settled) return
    this.#settled = true
    for (const timer of this.#timers) clearTimeout(timer)
    const isComplete = outcome.kind === 'answered' && outcome.bodyEnd === 'complete'
    if (!isComplete) this.#controller?.abort(deadlineError)
    this.#settle(outcome)
  }
}

/** Bytes read of a body. The limit keeps a receiver from filling our memory. */
const bodyReadMax = 64 * 1_024
/** Bytes stored of a body. */
const bodyStoredMax = 16 * 1_024
const headersStoredMax = 64
const headerBytesStoredMax = 8 * 1_024

interface ResponseCollector {
  /** Adds a chunk of the body; returns false once more than 64 KiB were read. */
  add: (chunk: Uint8Array) => boolean
  outcome: (bodyEnd: HttpResponse['bodyEnd']) => HttpResponse
}

function createResponseCollector(status: number, headers: IncomingHttpHeaders): ResponseCollector {
  const stored: Uint8Array[] = []
  let storedBytes = 0
  let readBytes = 0
  return {
    add: (chunk) => {
      readBytes += chunk.length
      const storedPart = chunk.subarray(0, Math.max(bodyStoredMax - storedBytes, 0))
      storedBytes += storedPart.length
      if (storedPart.length > 0) stored.push(Uint8Array.from(storedPart))
      return readBytes <= bodyReadMax
    },
    outcome: (bodyEnd) => ({
      kind: 'answered',
      status,
      headers: storableHeaders(headers),
      body: decode(stored),
      bodyBytes: Math.min(readBytes, bodyReadMax),
      bodyEnd,
    }),
  }
}

/** The headers to store, without cookies, which may be secret and help nobody here. */
function storableHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const stored: Record<string, string> = {}
  let bytes = 0
  for (const [name, value] of Object.entries(headers).slice(0, headersStoredMax)) {
    if (value === undefined || name === 'set-cookie') continue
    const text = storable(Array.isArray(value) ? value.join(', ') : value)
    const size = name.length + text.length
    if (bytes + size > headerBytesStoredMax) continue
    bytes += size
    stored[storable(name).toLowerCase()] = text
  }
  return stored
}

/** Decodes UTF-8 and drops a character that the size limit has split. */
function decode(chunks: readonly Uint8Array[]): string {
  return storable(new TextDecoder().decode(Buffer.concat(chunks), { stream: true }))
}

/** Replaces NUL, the one character that Postgres text cannot store. */
function storable(text: string): string {
  return text.replaceAll('\0', '\uFFFD')
}
