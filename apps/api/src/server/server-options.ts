import { randomUUID } from 'node:crypto'
import type { Resources } from '@ghostpost/infrastructure/process'
import type { Server } from 'node:http'
import type { FastifyBaseLogger, FastifyHttpOptions } from 'fastify'
import { AccessLog } from './access-log.ts'
import { respondToBrokenRequest, handleError } from './handle-errors.ts'

const bodyBytesMax = 64 * 1_024
const headerBytesMax = 16 * 1_024
/** A ghost_vid of full length, percent-encoded throughout. */
const pathParamLengthMax = 400
/** A caller that sends this slowly only holds a connection. */
const headersMs = 10_000
const requestMs = 20_000
/** Longer than the longest wait for an outcome (30 s), in which nothing moves on a connection. */
const idleMs = 60_000
/** Longer than load balancers keep an idle connection (60 s is usual), so that they close it, not we under their feet. */
const keepAliveMs = 65_000

/** How requests are read: every size and every time is bounded. */
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
    // What still comes over an open connection while stopping is served: it was let in.
    return503OnClosing: false,
    clientErrorHandler: respondToBrokenRequest,
    frameworkErrors: (error, request, reply) => void handleError(error, request, reply),
    ajv: {
      customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: true, allErrors: true },
    },
  }
}
