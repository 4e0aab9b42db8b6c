import { LogController, type FastifyReply, type FastifyRequest } from 'fastify'

/** Logs one line per completed request. The `req` serializer removes secrets and visitor ids from the path. */
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
      ...(request.session?.apiKey && { api_key_id: request.session.apiKey.id }),
      ...(request.span && { trace_id: request.span.traceId }),
    }
    if (error) request.log.warn({ ...line, err: error }, 'response was cut off')
    // Probes arrive every few seconds and would fill the log.
    else if (request.routeOptions.config.probe) request.log.debug(line, 'request completed')
    else request.log.info(line, 'request completed')
  }
}
