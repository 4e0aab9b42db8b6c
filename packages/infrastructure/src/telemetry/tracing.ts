/** One piece of work in a trace. Its attributes never hold a URL or a secret. */
export interface TraceSpan {
  /** Names this span to others, as in https://www.w3.org/TR/trace-context/#traceparent-header */
  traceparent: string
  traceId: string
  /** Runs `work`; what is started in it, now or later, is part of this span. */
  run: <T>(work: () => T) => T
  set: (attributes: SpanAttributes) => void
  /** It did not do what it was for; `why` is a code of ours. */
  fail: (reason: string) => void
  /** A span that is not ended is not told of. */
  end: () => void
}

export type SpanAttributes = Readonly<Record<string, string | number | boolean>>

export type SpanKind = 'server' | 'producer' | 'consumer' | 'client'

/**
 * Traces, as the rest of the product knows them. There is none of this when traces are off, and nothing that implements
 * it is loaded.
 */
export interface Tracing {
  /** @param parent a traceparent from elsewhere; without one it is part of the span that runs now, if any */
  start: (kind: SpanKind, name: string, attributes: SpanAttributes, parent?: string) => TraceSpan
  /** The trace that what runs now is part of, for log lines. */
  traceId: () => string | undefined
  /** Sends what is left, within a second or two. */
  close: () => Promise<void>
}
