import type { ExchangeTimings, OutboundRequest, Outcome, SendResult } from '@ghostpost/delivery/deliver'
import { maskHeaders } from '@ghostpost/delivery/receivers'
import { createResponseCollector, type ResponseCollector } from './collect-response.ts'
import { newPhases, phasesStorage, type ConnectionPhases } from './connection-phases.ts'
import { newExchangeRecord, readableHead, startRecording } from './odd-responses/index.ts'
import { outcomeOfError, parserFaultOf, type ExchangePhase } from './outcome-of-error.ts'
import { signatureHeaders } from './sign-request.ts'
import type { Agent, Dispatcher } from 'undici'

export interface ExchangeLimits {
  /** Limit for name resolution, connection and TLS. */
  connectTimeoutMs: number
  /** Limit from the start to the end of the response headers. */
  responseTimeoutMs: number
  /** Limit from the end of the response headers to the end of the body, in milliseconds; 2 s by default. */
  bodyTimeoutMs?: number
  /** Limit for the whole exchange, including the response body. */
  totalTimeoutMs: number
}

const deadlineError = new Error('deadline exceeded')

const bodyTimeoutDefaultMs = 2_000

export interface ExchangeResult extends SendResult {
  /** The connection of an earlier request was lost before anything of a response arrived. */
  wasStale: boolean
}

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
): Promise<ExchangeResult> {
  const startedAt = new Date()
  const start = performance.now()
  const { promise, resolve, reject } = Promise.withResolvers<ExchangeResult>()
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
      resolve({ outcome, startedAt, durationMs, trace, wasStale: running.wasStale(outcome) })
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
  // Without this header a receiver may choose any coding (RFC 9110 §12.5.3).
  return { 'accept-encoding': 'identity', ...headers, ...(signing && signatureHeaders(signing, body)) }
}

function dispatchOptions(
  { method = 'POST', url, target }: OutboundRequest,
  headers: Record<string, string>,
  body: Buffer,
): Dispatcher.DispatchOptions {
  return {
    origin: url.origin,
    path: target ?? url.pathname + url.search,
    method,
    headers,
    body,
  }
}

class Exchange {
  readonly phases: ConnectionPhases
  readonly #record = newExchangeRecord()
  readonly #settle: (outcome: Outcome) => void
  readonly #fail: (error: Error) => void
  readonly #timers: NodeJS.Timeout[] = []
  #controller: Dispatcher.DispatchController | undefined
  #response: ResponseCollector | undefined
  #settled = false
  #bodyTimeoutMs = bodyTimeoutDefaultMs
  #requestAt: number | undefined
  #responseAt: number | undefined

  constructor(siteId: number | undefined, settle: (outcome: Outcome) => void, fail: (error: Error) => void) {
    this.phases = newPhases(siteId === undefined ? '' : String(siteId))
    this.#settle = settle
    this.#fail = fail
  }

  setDeadlines(limits: ExchangeLimits): void {
    const { connectTimeoutMs, responseTimeoutMs, totalTimeoutMs } = limits
    this.#bodyTimeoutMs = limits.bodyTimeoutMs ?? bodyTimeoutDefaultMs
    this.#setDeadline(Math.min(connectTimeoutMs, totalTimeoutMs), () => this.#controller === undefined)
    this.#setDeadline(Math.min(responseTimeoutMs, totalTimeoutMs), () => this.#response === undefined)
    this.#setDeadline(totalTimeoutMs)
  }

  #setDeadline(ms: number, isDue: () => boolean = () => true): void {
    this.#timers.push(setTimeout(() => isDue() && this.#giveUp(), ms))
  }

  handler(): Dispatcher.DispatchHandler {
    return {
      // undici calls this once connected, before it writes the first byte. Until now nothing was sent.
      onRequestStart: (controller) => {
        this.#controller = controller
        this.#requestAt = performance.now()
        if (this.#settled) controller.abort(deadlineError)
        else startRecording(this.#record)
      },
      onResponseStart: (_controller, status, headers) => {
        if (status < 200 || this.#settled) return
        this.#response = createResponseCollector(status, headers)
        this.#responseAt = performance.now()
        this.#setDeadline(this.#bodyTimeoutMs)
      },
      onResponseData: (_controller, chunk) => {
        if (this.#response && !this.#response.add(chunk)) this.#finishWith(this.#response, 'size')
      },
      onResponseEnd: () => {
        if (this.#response) this.#finishWith(this.#response, 'complete')
      },
      onResponseError: (_controller, error) => this.#finishWithError(error),
    }
  }

  #finishWithError(error: Error): void {
    if (!this.#controller && 'code' in error && invalidRequestCode.test(String(error.code))) this.#fail(error)
    this.#record.fault ??= parserFaultOf(error)
    const response = this.#response ?? this.#responseSoFar()
    if (response) return this.#finishWith(response, 'reset')
    return this.#finish(outcomeOfError(this.#record.error ?? error, this.#phase()))
  }

  #phase(): ExchangePhase {
    if (this.#controller === undefined) return 'connecting'
    return this.#isReused() ? 'reused' : 'sent'
  }

  /** A response whose status is readable, although the client did not accept its head or the head has not ended. */
  #responseSoFar(): ResponseCollector | null {
    const head = readableHead(this.#record)
    if (head === null) return null
    this.#record.fault ??= 'headers not complete'
    return createResponseCollector(head.status, head.headers)
  }

  #finishWith(response: ResponseCollector, bodyEnd: 'complete' | 'size' | 'reset' | 'deadline'): void {
    this.#finish(response.outcome(bodyEnd, this.#record.fault))
  }

  #isReused(): boolean {
    return this.#requestAt !== undefined && this.phases.connectMs === null
  }

  wasStale(outcome: Outcome): boolean {
    return outcome.kind === 'connection_lost' && this.#isReused() && !this.#record.hasReceived
  }

  /** @param start start of the exchange, from `performance.now()` */
  timings(start: number, totalMs: number): ExchangeTimings {
    const { dnsMs, connectMs, tlsMs } = this.phases
    const requestAt = this.#requestAt ?? start
    return {
      reusedConnection: this.#isReused(),
      dnsMs,
      connectMs,
      tlsMs,
      firstByteMs: this.#responseAt === undefined ? null : this.#responseAt - requestAt,
      totalMs,
    }
  }

  #giveUp(): void {
    const response = this.#response ?? this.#responseSoFar()
    if (response) return this.#finishWith(response, 'deadline')
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
