import { randomUUID } from 'node:crypto'
import type { Resources } from '@ghostpost/infrastructure/process'
import type { Server } from 'node:http'
import type { FastifyBaseLogger, FastifyHttpOptions } from 'fastify'
import { AccessLog } from './access-log.ts'
import { respondToBrokenRequest, handleError } from './handle-errors.ts'

const bodyBytesMax = 64 * 1_024
const headerBytesMax = 16 * 1_024
/** The length of the longest ghost_vid with every character percent-encoded. */
const pathParamLengthMax = 400
/** Time limit for the headers, against slow clients that occupy connections. */
const headersMs = 10_000
const requestMs = 20_000
/** Longer than the longest wait for an outcome (30 s), during which the connection is silent. */
const idleMs = 60_000
/**
 * Longer than a load balancer's idle timeout (usually 60 s), so that the load balancer closes first and no request is
 * lost.
 */
const keepAliveMs = 65_000

/** The server's options. They bound every size and every time of a request. */
export function serverOptions({ settings, log }: Resources): FastifyHttpOptions<Server> {
  const loggerInstance: FastifyBaseLogger = log
  return {
    loggerInstance,
    bodyLimit: bodyBytesMax,
    connectionTimeout: idleMs,
    requestTimeout: requestMs,
    keepAliveTimeout: keepAliveMs,
    http: { headersTimeout: headersMs, maxHeaderSize: headerBytesMax },
    routerOptions: { maxParamLength: pathParamLengthMax },
    trustProxy: (_address, hop) => settings.GHOSTPOST_TRUST_PROXY && hop < settings.GHOSTPOST_PROXY_HOPS,
    genReqId: () => randomUUID(),
    logController: new AccessLog(),
    forceCloseConnections: 'idle',
    // While stopping, the server still serves requests that arrive over open connections.
    return503OnClosing: false,
    clientErrorHandler: respondToBrokenRequest,
    frameworkErrors: (error, request, reply) => void handleError(error, request, reply),
    ajv: {
      customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: true, allErrors: true },
    },
  }
}
