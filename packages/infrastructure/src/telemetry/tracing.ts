/** One unit of work in a trace. Its attributes never contain a URL or a secret. */
export interface TraceSpan {
  /** This span's id for other processes, as in https://www.w3.org/TR/trace-context/#traceparent-header */
  traceparent: string
  traceId: string
  /** Runs `work`. Spans that it starts, now or later, are children of this span. */
  run: <T>(work: () => T) => T
  set: (attributes: SpanAttributes) => void
  /** Marks the span as failed; `reason` is a code, not a message. */
  fail: (reason: string) => void
  /** Ends the span. A span that never ends is not exported. */
  end: () => void
}

export type SpanAttributes = Readonly<Record<string, string | number | boolean>>

export type SpanKind = 'server' | 'producer' | 'consumer' | 'client'

/**
 * The tracing interface for the rest of the product. If tracing is off, it is null and no OpenTelemetry code is loaded.
 */
export interface Tracing {
  /** @param parent a traceparent from another process; by default the current span is the parent */
  start: (kind: SpanKind, name: string, attributes: SpanAttributes, parent?: string) => TraceSpan
  /** The id of the current trace, for log lines. */
  traceId: () => string | undefined
  /** Sends the remaining spans, within about two seconds. */
  close: () => Promise<void>
}
