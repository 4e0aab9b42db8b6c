import type { FastifyInstance } from 'fastify'

/** Whether this process is leaving: it still serves whoever comes, and asks them to come to another one. */
export interface Drain {
  isUnderWay: () => boolean
  begin: () => void
}

export function openDrain(): Drain {
  let underWay = false
  return {
    isUnderWay: () => underWay,
    begin: () => void (underWay = true),
  }
}

/** While draining, each answer is the last of its connection, so that none is cut under a caller's next request. */
export function closeConnectionsWhile(app: FastifyInstance, drain: Drain): void {
  app.addHook('onSend', async (_request, reply) => {
    if (drain.isUnderWay()) void reply.header('connection', 'close')
  })
}
