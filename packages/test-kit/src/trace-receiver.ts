import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** An OTLP span with its attributes as a plain object. */
export interface ReceivedSpan {
  service: string
  traceId: string
  spanId: string
  parentSpanId: string
  name: string
  /** https://github.com/open-telemetry/opentelemetry-proto: 2 server, 3 client, 4 producer, 5 consumer. */
  kind: number
  attributes: Record<string, unknown>
  /** 2 means an error. */
  status: number
}

export interface TraceReceiver {
  /** Value of OTEL_EXPORTER_OTLP_ENDPOINT. */
  url: string
  /** All received spans. */
  spans: ReceivedSpan[]
  /** All received bodies, unparsed. */
  bodies: string[]
  headers: Record<string, string | string[] | undefined>[]
  stop: () => Promise<void>
}

interface OtlpAttribute {
  key: string
  value: { stringValue?: string; intValue?: number | string; doubleValue?: number; boolValue?: boolean }
}

interface OtlpBody {
  resourceSpans: {
    resource: { attributes: OtlpAttribute[] }
    scopeSpans: {
      spans: {
        traceId: string
        spanId: string
        parentSpanId?: string
        name: string
        kind: number
        attributes: OtlpAttribute[]
        status: { code: number }
      }[]
    }[]
  }[]
}

/** Starts a real collector of traces (OTLP over HTTP as JSON) that stores the received spans. */
export async function startTraceReceiver(): Promise<TraceReceiver> {
  const received: Pick<TraceReceiver, 'spans' | 'bodies' | 'headers'> = { spans: [], bodies: [], headers: [] }
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      if (request.url !== '/v1/traces') return response.writeHead(404).end()
      received.bodies.push(body)
      received.headers.push(request.headers)
      received.spans.push(...parseSpans(JSON.parse(body) as OtlpBody))
      return response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    ...received,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function parseSpans({ resourceSpans }: OtlpBody): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map(({ traceId, spanId, parentSpanId = '', name, kind, attributes, status }) => ({
        service: String(attributeMap(resource.attributes)['service.name']),
        traceId,
        spanId,
        parentSpanId,
        name,
        kind,
        attributes: attributeMap(attributes),
        status: status.code,
      })),
    ),
  )
}

function attributeMap(attributes: OtlpAttribute[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))
}
