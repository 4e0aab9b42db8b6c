import type { ExchangeTimings, Outcome, OutboundRequest, Sent } from '@ghostpost/delivery/deliver'
import { maskHeaders } from '@ghostpost/delivery/receivers'
import type { Agent, Dispatcher } from 'undici'
import { connectingFor, newPhases } from './connection-phases.ts'
import { answerCollector, type AnswerCollector } from './collect-answer.ts'
import { outcomeOfError } from './outcome-of-error.ts'
import { signatureHeaders } from './sign-request.ts'

export interface ExchangeLimits {
  /** Name look-up, connection and TLS. */
  connectTimeoutMs: number
  /** From the start to the complete head of the answer. */
  answerTimeoutMs: number
  /** The whole exchange, body included. */
  totalTimeoutMs: number
}

const abandoned = new Error('the deadline has passed')

/** Requests undici refuses to write: our mistake, whatever the receiver is like. */
const ourMistake = /^UND_ERR_(INVALID_ARG|NOT_SUPPORTED|REQ_CONTENT_LENGTH_MISMATCH)$/

/**
 * One HTTP exchange. It always settles, at the latest when the last deadline passes, and never throws for a receiver;
 * it rejects when the request is one that cannot be written, such as with a line break in a header.
 */
export function exchange(agent: Agent, request: OutboundRequest, limits: ExchangeLimits): Promise<Sent> {
  const startedAt = new Date()
  const start = performance.now()
  const { promise, resolve, reject } = Promise.withResolvers<Sent>()
  const headers = headersOf(request)
  const body = Buffer.from(request.body, 'utf8')
  const running = new Exchange((outcome) => {
    const durationMs = performance.now() - start
    const trace = {
      requestMethod: request.method ?? 'POST',
      requestBody: request.body,
      requestHeaders: maskHeaders(headers),
      requestBytes: body.length,
      timings: running.timings(start, durationMs),
    }
    resolve({ outcome, startedAt, durationMs, trace })
  }, reject)
  running.setDeadlines(limits)
  connectingFor.run(running.phases, () =>
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
  readonly phases = newPhases()
  readonly #settle: (outcome: Outcome) => void
  readonly #fail: (error: Error) => void
  readonly #timers: NodeJS.Timeout[] = []
  #controller: Dispatcher.DispatchController | undefined
  #answer: AnswerCollector | undefined
  #settled = false
  #requestAt: number | undefined
  #answerAt: number | undefined

  constructor(settle: (outcome: Outcome) => void, fail: (error: Error) => void) {
    this.#settle = settle
    this.#fail = fail
  }

  setDeadlines({ connectTimeoutMs, answerTimeoutMs, totalTimeoutMs }: ExchangeLimits): void {
    const at = (ms: number, due: () => boolean): void => {
      this.#timers.push(setTimeout(() => due() && this.#giveUp(), ms))
    }
    at(Math.min(connectTimeoutMs, totalTimeoutMs), () => this.#controller === undefined)
    at(Math.min(answerTimeoutMs, totalTimeoutMs), () => this.#answer === undefined)
    at(totalTimeoutMs, () => true)
  }

  handler(): Dispatcher.DispatchHandler {
    return {
      // Called when connected, before the first byte is written: until here nothing was sent.
      onRequestStart: (controller) => {
        this.#controller = controller
        this.#requestAt = performance.now()
        if (this.#settled) controller.abort(abandoned)
      },
      onResponseStart: (_controller, status, headers) => {
        if (status < 200) return
        this.#answer = answerCollector(status, headers)
        this.#answerAt = performance.now()
      },
      onResponseData: (_controller, chunk) => {
        if (this.#answer && !this.#answer.add(chunk)) this.#finish(this.#answer.outcome('size'))
      },
      onResponseEnd: () => {
        if (this.#answer) this.#finish(this.#answer.outcome('complete'))
      },
      onResponseError: (_controller, error) => {
        if (!this.#controller && 'code' in error && ourMistake.test(String(error.code))) this.#fail(error)
        const failed = outcomeOfError(error, this.#controller !== undefined)
        this.#finish(this.#answer ? this.#answer.outcome('reset') : failed)
      },
    }
  }

  /** @param start as `performance.now()` told it */
  timings(start: number, totalMs: number): ExchangeTimings {
    const { dnsMs, connectMs, tlsMs } = this.phases
    const requestAt = this.#requestAt ?? start
    return {
      reusedConnection: this.#requestAt !== undefined && connectMs === null,
      dnsMs,
      connectMs,
      tlsMs,
      firstByteMs: this.#answerAt === undefined ? null : this.#answerAt - requestAt,
      totalMs,
    }
  }

  #giveUp(): void {
    if (this.#answer) return this.#finish(this.#answer.outcome('deadline'))
    if (!this.#controller && this.phases.atProxy)
      return this.#finish({ kind: 'proxy_failed', code: 'PROXY_TIMEOUT' })
    return this.#finish({ kind: 'timed_out', phase: this.#controller ? 'answer' : 'connect' })
  }

  #finish(outcome: Outcome): void {
    if (this.#settled) return
    this.#settled = true
    for (const timer of this.#timers) clearTimeout(timer)
    const whole = outcome.kind === 'answered' && outcome.bodyEnd === 'complete'
    if (!whole) this.#controller?.abort(abandoned)
    this.#settle(outcome)
  }
}
