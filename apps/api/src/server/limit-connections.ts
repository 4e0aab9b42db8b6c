import type { Server } from 'node:http'
import { callerNetwork } from '@ghostpost/delivery/receivers'
import { defaultShare, openFairSlots } from '@ghostpost/delivery/sharing'
import type { FastifyInstance } from 'fastify'

/** With it one address gets 95 % of the connections: a proxy's, through which all callers come. */
const proxyShare = 19
/** How long an answered request may take to send the rest of its body before its connection is closed. */
const restOfBodyMs = 2_000

/**
 * Gives each caller address a share of the connections, so that idle ones of one address leave some for others. Behind
 * a proxy the connections are the proxy's, and the shares of callers begin with their requests.
 */
export function limitConnections(server: Server, max: number, behindProxy: boolean): void {
  const slots = openFairSlots(max, behindProxy ? proxyShare : defaultShare)
  server.maxConnections = max
  server.on('connection', (socket) => {
    const release = slots.tryAcquire(callerNetwork(socket.remoteAddress ?? ''))
    if (release) socket.once('close', release)
    else socket.destroy()
  })
}

/** Closes the connection of a request that was answered before its body arrived, if the rest does not arrive soon. */
export function closeUnfinishedRequests(app: FastifyInstance): void {
  app.addHook('onResponse', async ({ raw }) => {
    if (raw.complete) return
    setTimeout(() => void (raw.complete || raw.socket.destroy()), restOfBodyMs).unref()
  })
}
