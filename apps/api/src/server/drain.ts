import type { FastifyInstance } from 'fastify'

/** Whether this process is about to stop. While draining it still serves requests, but closes their connections. */
export interface Drain {
  isDraining: () => boolean
  begin: () => void
}

export function openDrain(): Drain {
  let draining = false
  return {
    isDraining: () => draining,
    begin: () => void (draining = true),
  }
}

/** While draining, each response closes its connection, so that stopping does not cut off a caller's next request. */
export function closeConnectionsWhileDraining(app: FastifyInstance, drain: Drain): void {
  app.addHook('onSend', async (_request, reply) => {
    if (drain.isDraining()) void reply.header('connection', 'close')
  })
}
