import type { FastifyInstance } from 'fastify'

/** Whether this process is leaving: it still serves whoever comes, and asks them to come to another one. */
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

/** While draining, each answer is the last of its connection, so that none is cut under a caller's next request. */
export function closeConnectionsWhileDraining(app: FastifyInstance, drain: Drain): void {
  app.addHook('onSend', async (_request, reply) => {
    if (drain.isDraining()) void reply.header('connection', 'close')
  })
}
