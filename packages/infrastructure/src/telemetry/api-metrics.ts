import { webhookTypes, type WebhookType } from '@ghostpost/delivery/destinations'
import { apiErrors, type ApiErrorCode } from '@ghostpost/delivery/contract/errors'
import type { Counter, Histogram } from 'prom-client'
import { defineMetrics, exchangeBuckets, openCounter, openGauge, openHistogram } from './define-metrics.ts'
import type { Metrics } from './open-metrics.ts'

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'other'] as const
const anyRoute = 'the route’s template, `/ops/*`, `/docs/*`, or `unmatched`'
const statusClasses = ['1xx', '2xx', '3xx', '4xx', '5xx'] as const

export const apiMetrics = defineMetrics({
  accepted: {
    kind: 'counter',
    name: 'ghostpost_exports_accepted_total',
    help: 'Exports that POST /api/webhook accepted and stored.',
    labels: { type: webhookTypes },
  },
  requests: {
    kind: 'counter',
    name: 'ghostpost_http_requests_total',
    help: 'Requests the API responded to.',
    labels: {
      route: anyRoute,
      method: methods,
      status_class: statusClasses,
    },
  },
  requestDuration: {
    kind: 'histogram',
    name: 'ghostpost_http_request_duration_seconds',
    help:
      'Time from a request’s headers to the end of the response. POST /api/webhook includes the wait for ' +
      'the outcome. Excludes /api/stream.',
    labels: { route: anyRoute, method: methods },
    buckets: [...exchangeBuckets, 30],
  },
  errors: {
    kind: 'counter',
    name: 'ghostpost_http_errors_total',
    help: 'Error responses, by the error code in docs/errors.md.',
    labels: { code: Object.keys(apiErrors) },
  },
  requestsInFlight: {
    kind: 'gauge',
    name: 'ghostpost_http_requests_under_way',
    help: 'Requests in flight in this process; at most GHOSTPOST_MAX_IN_FLIGHT.',
  },
  waitingCallers: {
    kind: 'gauge',
    name: 'ghostpost_waiting_callers',
    help: 'Callers of this process that wait for a first outcome; at most GHOSTPOST_MAX_WAITING.',
  },
  listeners: {
    kind: 'gauge',
    name: 'ghostpost_live_listeners',
    help: 'Callers connected to GET /api/stream; at most GHOSTPOST_MAX_LISTENERS.',
  },
})

/** A request whose response was sent. */
interface CompletedRequest {
  /** The route's template, or `unmatched`. Never a path. */
  route: string
  method: string
  status: number
  durationMs: number
  /** A long-lived stream, whose duration is not measured. */
  isStream: boolean
}

/** The current counts of an API process. Each scrape reads them. */
interface InFlightCounts {
  requests: () => number
  waitingCallers: () => number
  listeners: () => number
}

export interface ApiMetrics {
  completed: (request: CompletedRequest) => void
  refused: (code: ApiErrorCode) => void
  accepted: (type: WebhookType) => void
  watch: (inFlight: InFlightCounts) => void
}

/** Registers the metrics of an API process. */
export function openApiMetrics({ registry, onScrape }: Metrics): ApiMetrics {
  const requests = openCounter(registry, apiMetrics.requests)
  const durations = openHistogram(registry, apiMetrics.requestDuration)
  const errors = openCounter(registry, apiMetrics.errors)
  const accepted = openCounter(registry, apiMetrics.accepted)
  const requestsInFlight = openGauge(registry, apiMetrics.requestsInFlight)
  const waitingCallers = openGauge(registry, apiMetrics.waitingCallers)
  const listeners = openGauge(registry, apiMetrics.listeners)
  return {
    completed: completedRequests(requests, durations),
    refused: (code) => errors.inc({ code }),
    accepted: (type) => accepted.inc({ type }),
    watch: (inFlight) =>
      onScrape(async () => {
        requestsInFlight.set(inFlight.requests())
        waitingCallers.set(inFlight.waitingCallers())
        listeners.set(inFlight.listeners())
      }),
  }
}

interface RouteMetrics {
  byClass: Counter.Internal[]
  duration: Histogram.Internal<string>
}

/** Builds each route's counters once, at its first request. The table of routes bounds their number. */
function completedRequests(requests: Counter, durations: Histogram): ApiMetrics['completed'] {
  const byRoute = new Map<string, Map<string, RouteMetrics>>()
  const openRouteMetrics = (route: string, method: string): RouteMetrics => ({
    byClass: statusClasses.map((status) => requests.labels(route, method, status)),
    duration: durations.labels(route, method),
  })
  return ({ route, method: rawMethod, status, durationMs, isStream }) => {
    const method = isKnownMethod(rawMethod) ? rawMethod : 'other'
    let byMethod = byRoute.get(route)
    if (!byMethod) byRoute.set(route, (byMethod = new Map()))
    let routeMetrics = byMethod.get(method)
    if (!routeMetrics) byMethod.set(method, (routeMetrics = openRouteMetrics(route, method)))
    routeMetrics.byClass[Math.floor(status / 100) - 1]?.inc()
    if (!isStream) routeMetrics.duration.observe(durationMs / 1_000)
  }
}

function isKnownMethod(method: string): method is (typeof methods)[number] {
  return (methods as readonly string[]).includes(method)
}
