import { LogController, type FastifyReply, type FastifyRequest } from 'fastify'

/** One line per request, when it has been answered. Of a path, what may hold a secret or name a visitor is left out. */
export class AccessLog extends LogController {
  constructor() {
    super({ requestIdLogLabel: 'request_id' })
  }

  override incomingRequest(): void {}

  override requestCompleted(
    error: Error | null | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): void {
    const line = {
      event: 'request_completed',
      req: request,
      route: request.routeOptions.url ?? null,
      status: reply.statusCode,
      error_code: request.errorCode,
      duration_ms: Math.round(reply.elapsedTime * 10) / 10,
      response_bytes: Number(reply.getHeader('content-length') ?? 0),
      user_id: request.session?.userId ?? null,
      ...(request.span && { trace_id: request.span.traceId }),
    }
    if (error) request.log.warn({ ...line, err: error }, 'request not answered to its end')
    // Probes come every few seconds and say nothing new.
    else if (request.routeOptions.config.probe) request.log.debug(line, 'request completed')
    else request.log.info(line, 'request completed')
  }
}
