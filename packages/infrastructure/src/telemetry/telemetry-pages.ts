import { allowHosts } from '@ghostpost/delivery/receivers'
import { checkReadiness } from '../process/check-readiness.ts'
import type { Resources } from '../process/open-resources.ts'
import { version } from '../process/version.ts'
import { serveTelemetry, type TelemetryResponse, type TelemetryOptions } from './serve-telemetry.ts'

/** Serves `/metrics` of an API process. Its probes are routes of the API. */
export function serveApiTelemetry(resources: Resources): Promise<() => Promise<void>> {
  return serve(resources, resources.settings.GHOSTPOST_METRICS_PORT, metricsPage(resources))
}

/** Serves `/metrics`, `/healthz` and `/readyz` of a worker. */
export function serveWorkerTelemetry(resources: Resources): Promise<() => Promise<void>> {
  return serve(resources, resources.settings.GHOSTPOST_WORKER_PORT, {
    ...metricsPage(resources),
    '/healthz': { guarded: false, respond: async () => json(200, { status: 'ok', version }) },
    '/readyz': {
      guarded: false,
      respond: async () => {
        const readiness = await checkReadiness(resources)
        return json(readiness.status === 'unavailable' ? 503 : 200, readiness)
      },
    },
  })
}

function serve(
  { settings, log, metrics }: Resources,
  port: number,
  pages: TelemetryOptions['pages'],
): Promise<() => Promise<void>> {
  if (port > 0) metrics.watchProcess()
  const { GHOSTPOST_METRICS_HOST: host, GHOSTPOST_METRICS_TOKEN: token } = settings
  const urls = [settings.GHOSTPOST_PUBLIC_URL, settings.dashboardUrl]
  const isAllowedHost = allowHosts(urls, settings.GHOSTPOST_ALLOWED_HOSTS)
  return serveTelemetry({ host, port, token, isAllowedHost, pages, log })
}

function metricsPage({ metrics }: Resources): TelemetryOptions['pages'] {
  const { contentType } = metrics
  const respond = async (): Promise<TelemetryResponse> => ({
    status: 200,
    contentType,
    body: await metrics.scrape(),
  })
  return { '/metrics': { guarded: true, respond } }
}

function json(status: number, value: object): TelemetryResponse {
  return { status, contentType: 'application/json; charset=utf-8', body: JSON.stringify(value) }
}
