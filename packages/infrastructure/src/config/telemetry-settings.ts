import { Type } from 'typebox'

const port = (description: string, defaultValue: number) =>
  Type.Integer({ description, default: defaultValue, minimum: 0, maximum: 65_535 })

/** Settings of metrics and traces, part of the schema in settings-schema.ts. */
export const telemetrySettings = {
  GHOSTPOST_METRICS_HOST: Type.String({
    description:
      'Address that serves /metrics, and the worker’s /healthz and /readyz. Keep it private: only ' +
      'GHOSTPOST_METRICS_TOKEN protects it.',
    default: '127.0.0.1',
  }),
  GHOSTPOST_METRICS_PORT: port('Port on which an API process serves /metrics; 0 for none.', 4082),
  GHOSTPOST_WORKER_PORT: port(
    'Port on which a worker serves /metrics, /healthz and /readyz; 0 for none.',
    4081,
  ),
  GHOSTPOST_METRICS_TOKEN: Type.String({
    description:
      'Token that /metrics requires as `Authorization: Bearer …`, 16 characters or more. Empty: none.',
    default: '',
    pattern: '^$|^[!-~]{16,200}$',
    secret: true,
  }),
  GHOSTPOST_TRACES: Type.Boolean({
    description:
      'Send traces over OTLP/HTTP (JSON). OpenTelemetry’s own variables set the endpoint, headers and ' +
      'attributes: OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_HEADERS, OTEL_SERVICE_NAME, ' +
      'OTEL_RESOURCE_ATTRIBUTES.',
    default: false,
  }),
  GHOSTPOST_TRACE_PERCENT: Type.Integer({
    description:
      'Share of traces to send, in percent. A caller’s `traceparent` overrides it with its sampling decision.',
    default: 100,
    minimum: 0,
    maximum: 100,
  }),
  GHOSTPOST_TRACE_RECEIVERS: Type.Boolean({
    description: 'With GHOSTPOST_TRACES: send `traceparent` to receivers.',
    default: false,
  }),
}
