import {
  isSpanContextValid,
  ROOT_CONTEXT,
  SpanKind as OtelKind,
  SpanStatusCode,
  trace,
  type Context,
  type Span,
  type SpanContext,
} from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources'
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
  type SpanExporter,
} from '@opentelemetry/sdk-trace'
import { warnThrottled, endsWithin } from '../queue/queue-backend.ts'
import { version } from '../process/version.ts'
import type { Logger } from './logger.ts'
import type { SpanKind, TraceSpan, Tracing } from './tracing.ts'

const kinds: Readonly<Record<SpanKind, OtelKind>> = {
  server: OtelKind.SERVER,
  producer: OtelKind.PRODUCER,
  consumer: OtelKind.CONSUMER,
  client: OtelKind.CLIENT,
}

/** The exporter drops further spans when this many are unsent. */
const queuedSpansMax = 8_192
const exportIntervalMs = 1_000
const closeTimeoutMs = 2_000

/**
 * Traces with OpenTelemetry's SDK and sends OTLP over HTTP. It sets no global provider, so it traces nothing else in
 * the process.
 * @param percent share of traces to sample (0 to 100) if the caller has not decided
 */
export function openTracing(process: 'api' | 'worker', percent: number, log: Logger): Tracing {
  const contexts = new AsyncLocalStorageContextManager().enable()
  const provider = new TracerProvider({
    resource: resourceOf(process),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(percent / 100) }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: withFailureWarnings(new OTLPTraceExporter(), log),
        maxQueueSize: queuedSpansMax,
        scheduledDelayMillis: exportIntervalMs,
      }),
    ],
  })
  const tracer = provider.getTracer('ghostpost', version)
  return {
    start: (kind, name, attributes, parent) => {
      const parentContext = parent === undefined ? contexts.active() : contextOf(parent)
      const span = tracer.startSpan(name, { kind: kinds[kind], attributes }, parentContext)
      return spanOf(span, parentContext, contexts)
    },
    traceId: () => trace.getSpanContext(contexts.active())?.traceId,
    close: async () => {
      await endsWithin(closeTimeoutMs, provider.shutdown())
      contexts.disable()
    },
  }
}

/** `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` override our own attributes. */
function resourceOf(process: 'api' | 'worker') {
  const own = resourceFromAttributes({
    'service.name': `ghostpost-${process}`,
    'service.version': version,
  })
  return defaultResource()
    .merge(own)
    .merge(detectResources({ detectors: [envDetector] }))
}

function spanOf(span: Span, parentContext: Context, contexts: AsyncLocalStorageContextManager): TraceSpan {
  const { traceId, spanId, traceFlags } = span.spanContext()
  const ownContext = trace.setSpan(parentContext, span)
  return {
    traceparent: `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`,
    traceId,
    run: (work) => contexts.with(ownContext, work),
    set: (attributes) => void span.setAttributes(attributes),
    fail: (reason) => void span.setAttribute('error.type', reason).setStatus({ code: SpanStatusCode.ERROR }),
    end: () => span.end(),
  }
}

const traceparentPattern = /^(?!ff)[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(?:$|-)/

/** https://www.w3.org/TR/trace-context/#traceparent-header; an invalid one starts a new trace. */
function contextOf(traceparent: string): Context {
  const [, traceId = '', spanId = '', flags = ''] = traceparentPattern.exec(traceparent) ?? []
  const parent: SpanContext = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true }
  return isSpanContextValid(parent) ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT
}

/** Logs export failures, which OpenTelemetry reports only to its own logger. */
function withFailureWarnings(exporter: SpanExporter, log: Logger): SpanExporter {
  const warn = warnThrottled(log, 'traces could not be sent and are dropped')
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        if (result.error) warn(result.error)
        done(result)
      }),
    forceFlush: async () => exporter.forceFlush?.(),
    shutdown: () => exporter.shutdown(),
  }
}
