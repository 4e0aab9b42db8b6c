import { Type } from 'typebox'

const port = (description: string, defaultValue: number) =>
  Type.Integer({ description, default: defaultValue, minimum: 0, maximum: 65_535 })

/** The settings of metrics and traces; part of the schema in settings-schema.ts. */
export const telemetrySettings = {
  GHOSTPOST_METRICS_HOST: Type.String({
    description:
      'Address on which /metrics is answered, and the worker’s /healthz and /readyz. Keep it from the public: who reaches it is asked for nothing but GHOSTPOST_METRICS_TOKEN.',
    default: '127.0.0.1',
  }),
  GHOSTPOST_METRICS_PORT: port('Port on which an API process answers /metrics; 0 for none.', 4082),
  GHOSTPOST_WORKER_PORT: port(
    'Port on which a worker answers /metrics, /healthz and /readyz; 0 for none.',
    4081,
  ),
  GHOSTPOST_METRICS_TOKEN: Type.String({
    description:
      'What /metrics wants to see as `Authorization: Bearer …`, 16 characters or more. Empty: nothing.',
    default: '',
    pattern: '^$|^[!-~]{16,200}$',
    secret: true,
  }),
  GHOSTPOST_TRACES: Type.Boolean({
    description:
      'Send traces over OTLP/HTTP (JSON). Where to, and with which headers, is said by OpenTelemetry’s own variables: OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_HEADERS, OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES.',
    default: false,
  }),
  GHOSTPOST_TRACE_PERCENT: Type.Integer({
    description:
      'Share of traces that are sent. A caller’s `traceparent` that says whether its trace is recorded is followed instead.',
    default: 100,
    minimum: 0,
    maximum: 100,
  }),
  GHOSTPOST_TRACE_RECEIVERS: Type.Boolean({
    description: 'With GHOSTPOST_TRACES: send `traceparent` on to receivers.',
    default: false,
  }),
}
