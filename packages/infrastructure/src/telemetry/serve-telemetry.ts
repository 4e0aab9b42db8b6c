import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { callerNetwork } from '@ghostpost/delivery/receivers'
import { openFairSlots } from '@ghostpost/delivery/sharing'
import type { Logger } from './logger.ts'

export interface TelemetryResponse {
  status: number
  contentType: string
  body: string
}

export interface TelemetryOptions {
  host: string
  /** 0 for no listener. */
  port: number
  /** The bearer token that guarded pages require; empty for none. */
  token: string
  /** Whether a `Host` header names this process; others are refused, except for pages that are not guarded. */
  isAllowedHost: (host: string | undefined) => boolean
  /** The pages by path. */
  pages: Readonly<Record<string, { guarded: boolean; respond: () => Promise<TelemetryResponse> }>>
  log: Logger
}

/** Delay before the next try to bind a port that is in use: the process being replaced may still listen on it. */
const retryMs = 5_000
const requestMs = 10_000
const headBytesMax = 8_192
const connectionsMax = 64
/** One address gets half of the connections, so that idle ones leave some for probes and Prometheus. */
const addressShare = 1
/** How often connections are checked against the time limit. */
const deadlineCheckMs = 500

/**
 * Serves Prometheus and probes on an address of its own, separate from the API's. A port in use does not stop the
 * process: this warns once and tries again every 5 s.
 * @returns a function that closes the server; resolves after the first try to listen
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
    log.info({ event: 'telemetry_listening', host, port }, 'telemetry server listening')
    settleFirstListen()
  })
  server.on('error', (err) => {
    if (server.listening) return
    if (!warned) log.warn({ err, host, port }, 'telemetry server cannot listen; trying again')
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
  const limits = {
    requestTimeout: requestMs,
    headersTimeout: requestMs,
    maxHeaderSize: headBytesMax,
    connectionsCheckingInterval: deadlineCheckMs,
  }
  const server = createServer(limits, (request, response) => void respond(options, request, response))
  const slots = openFairSlots(connectionsMax, addressShare)
  server.on('connection', (socket) => {
    const release = slots.tryAcquire(callerNetwork(socket.remoteAddress ?? ''))
    if (release) socket.once('close', release)
    else socket.destroy()
  })
  return server
}

async function respond(
  { token, pages, isAllowedHost, log }: TelemetryOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const page = pages[request.url?.split('?')[0] ?? '']
  request.resume()
  if (!page) return write(response, plain(404, 'Not found.'))
  if (page.guarded && !isAllowedHost(request.headers.host))
    return write(response, plain(421, 'Add this host to GHOSTPOST_ALLOWED_HOSTS.'))
  if (request.method !== 'GET' && request.method !== 'HEAD') return write(response, plain(405, 'Use GET.'))
  if (page.guarded && !isAuthorized(request, token)) {
    response.setHeader('www-authenticate', 'Bearer')
    return write(response, plain(401, 'Send the bearer token of GHOSTPOST_METRICS_TOKEN.'))
  }
  try {
    write(response, await page.respond())
  } catch (err) {
    log.error({ err }, 'telemetry page failed')
    write(response, plain(500, 'The page failed; see the log.'))
  }
}

/** Compares digests, so that the duration does not reveal how much of the token is right. */
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
