import { randomUUID } from 'node:crypto'
import type { Resources } from '@ghostpost/infrastructure/process'
import type { Server } from 'node:http'
import type { FastifyBaseLogger, FastifyHttpOptions } from 'fastify'
import { AccessLog } from './access-log.ts'
import { compileOnFirstUse } from './compile-schemas.ts'
import { respondToBrokenRequest, handleError } from './handle-errors.ts'

const bodyBytesMax = 64 * 1_024
const headerBytesMax = 16 * 1_024
/** The length of the longest ghost_vid with every character percent-encoded. */
const pathParamLengthMax = 400
/** Time limit for the headers, against slow clients that occupy connections. */
const headersMs = 10_000
const requestMs = 20_000
/** How often Node checks these two limits, and so how much later they apply at most. Its default: 30 s. */
const deadlineCheckMs = 500
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
    http: {
      headersTimeout: headersMs,
      maxHeaderSize: headerBytesMax,
      connectionsCheckingInterval: deadlineCheckMs,
    },
    routerOptions: { maxParamLength: pathParamLengthMax },
    trustProxy: (_address, hop) => settings.GHOSTPOST_TRUST_PROXY && hop < settings.GHOSTPOST_PROXY_HOPS,
    genReqId: () => randomUUID(),
    logController: new AccessLog(),
    forceCloseConnections: 'idle',
    // While stopping, the server still serves requests that arrive over open connections.
    return503OnClosing: false,
    clientErrorHandler: respondToBrokenRequest,
    frameworkErrors: (error, request, reply) => void handleError(error, request, reply),
    schemaController: compileOnFirstUse,
    ajv: {
      // All errors of a hostile body are many: describe-validation.ts names the other wrong fields.
      customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: true, allErrors: false },
      onCreate: (ajv) => void ajv.addFormat('date-time', { type: 'string', validate: isReadableTime }),
    },
  }
}

const timeShape =
  /^\d{4}-\d{2}-\d{2}[T ]([01]\d|2[0-3])(:[0-5]\d){2}(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/i
/** Postgres writes no year 0. */
const earliestMs = Date.parse('0001-01-01T00:00:00Z')

/**
 * RFC 3339 as far as `Date` reads it: no leap second, no 30 February. ajv's own format admits more than the code behind
 * the schemas can use.
 */
function isReadableTime(text: string): boolean {
  return timeShape.test(text) && Date.parse(text) >= earliestMs && isDayOfMonth(text.slice(0, 10))
}

/** `Date` reads 30 February as 2 March. */
function isDayOfMonth(day: string): boolean {
  const midnight = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day)
}
