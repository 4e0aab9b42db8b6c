import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Logger } from './logger.ts'

export interface TelemetryResponse {
  status: number
  contentType: string
  body: string
}

export interface TelemetryOptions {
  host: string
  /** 0 for no listener at all. */
  port: number
  /** What those who ask for a guarded path have to send as a bearer token; empty for nothing. */
  token: string
  /** By path. */
  pages: Readonly<Record<string, { guarded: boolean; answer: () => Promise<TelemetryResponse> }>>
  log: Logger
}

/** How long until a taken port is tried again: the process that is being replaced may still hold it. */
const retryMs = 5_000
const requestMs = 10_000
const headBytesMax = 8_192
const connectionsMax = 64

/**
 * Answers Prometheus and probes on an address of their own, apart from what callers reach. A port that is taken stops
 * nothing: it is said once and tried again.
 * @returns how to end it, once it listens or has found that it cannot yet
 */
export async function serveTelemetry(options: TelemetryOptions): Promise<() => Promise<void>> {
  const { host, port, log } = options
  if (port === 0) return async () => {}
  const { promise: firstListen, resolve: settleFirstListen } = Promise.withResolvers<void>()
  const server = openServer(options)
  let retryTimer: NodeJS.Timeout | undefined
  let warned = false
  const listen = (): void => void server.listen(port, host)
  server.on('listening', () => {
    log.info({ event: 'telemetry_listening', host, port }, 'metrics can be read')
    settleFirstListen()
  })
  server.on('error', (err) => {
    if (server.listening) return
    if (!warned)
      log.warn(
        { err, host, port },
        'metrics cannot be read, as their port is not to be had; it is tried again',
      )
    warned = true
    retryTimer = setTimeout(listen, retryMs).unref()
    settleFirstListen()
  })
  listen()
  await firstListen
  return async () => {
    clearTimeout(retryTimer)
    server.closeAllConnections()
    if (server.listening) await new Promise((resolve) => server.close(resolve))
  }
}

function openServer(options: TelemetryOptions): Server {
  const limits = { requestTimeout: requestMs, headersTimeout: requestMs, maxHeaderSize: headBytesMax }
  const server = createServer(limits, (request, response) => void respond(options, request, response))
  server.maxConnections = connectionsMax
  return server
}

async function respond(
  { token, pages, log }: TelemetryOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const page = pages[request.url?.split('?')[0] ?? '']
  request.resume()
  if (!page) return write(response, plain(404, 'There is nothing here.'))
  if (request.method !== 'GET' && request.method !== 'HEAD') return write(response, plain(405, 'Use GET.'))
  if (page.guarded && !isAuthorized(request, token)) {
    response.setHeader('www-authenticate', 'Bearer')
    return write(response, plain(401, 'This needs the bearer token of GHOSTPOST_METRICS_TOKEN.'))
  }
  try {
    write(response, await page.answer())
  } catch (err) {
    log.error({ err }, 'metrics could not be told')
    write(response, plain(500, 'This failed; see the log.'))
  }
}

/** Compared as digests: how long it takes says nothing of how much was right. */
function isAuthorized({ headers }: IncomingMessage, token: string): boolean {
  if (token === '') return true
  const sentToken = /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? ''
  return timingSafeEqual(digest(sentToken), digest(token))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function plain(status: number, text: string): TelemetryResponse {
  return { status, contentType: 'text/plain; charset=utf-8', body: `${text}\n` }
}

function write(response: ServerResponse, { status, contentType, body }: TelemetryResponse): void {
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  response.end(response.req.method === 'HEAD' ? undefined : body)
}
