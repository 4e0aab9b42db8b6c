import type { ServerResponse } from 'node:http'
import type { LiveBatch, LiveEvents, SiteEvents } from '@ghostpost/infrastructure/events'
import type { NestedSlots } from '@ghostpost/delivery/sharing'
import type { FastifyRequest } from 'fastify'
import { rightOf, sessionOf } from './caller.ts'
import type { StandingRights } from './standing-rights.ts'

/**
 * A caller that receives live events, over Server-Sent Events.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
interface Listener {
  siteId: number
  response: ServerResponse
  /** Events that arrive while the history is being read; null once the history was sent. */
  buffered: { id: string; text: string }[] | null
}

export interface LiveListeners {
  /**
   * Sends a caller the events of its site until the caller or the server ends the connection, or the caller's right
   * ends.
   * @param afterId the id of the last event a reconnecting caller received
   * @param open starts the response, once a slot is taken
   * @returns false if all slots of the site or the user are taken
   */
  add: (request: FastifyRequest, afterId: string | null, open: () => ServerResponse) => boolean
  /** Ends all connections, so that a stopping server does not wait for them. */
  close: () => void
}

const heartbeatMs = 15_000
/** A fifth of all slots for the listeners of one site, and half of those for one user. */
export const listenerShares = { memberShare: 1 }
/** The server ends a connection after about this time, so that callers spread over processes. The caller reconnects. */
const lifetimeMs = 120_000
/** The server disconnects a slow client with more unsent bytes than this. The client reconnects and reloads. */
const bufferedBytesMax = 1_048_576
const reconnectMs = 2_000
/** How long an ended connection may take to close. */
const endMs = 1_000

export function openLiveListeners(
  events: LiveEvents,
  slots: NestedSlots,
  rights: Pick<StandingRights, 'watch'>,
): LiveListeners {
  const listeners = new Set<Listener>()
  events.listen((message) => {
    if (message.kind === 'missed') return listeners.forEach((listener) => send(listener, '', resetEvent))
    const texts = formatBatch(message.id, message.batch)
    for (const listener of listeners) {
      const text = texts.get(listener.siteId)
      if (text) send(listener, message.id, text)
    }
  })
  const heartbeat = setInterval(() => {
    for (const { response } of listeners) response.write(': alive\n\n')
  }, heartbeatMs).unref()

  const end = (listener: Listener): void => {
    listeners.delete(listener)
    listener.response.end()
    // A caller that reads nothing must not keep its slot.
    setTimeout(() => listener.response.destroy(), endMs).unref()
  }
  return {
    add: (request, afterId, open) => {
      const { siteId } = rightOf(request)
      const release = slots.tryAcquire(String(siteId), sessionOf(request).userId)
      if (!release) return false
      const response = open()
      const listener: Listener = { siteId, response, buffered: [] }
      const stopWatching = rights.watch(request, () => end(listener))
      const endTimer = setTimeout(() => end(listener), lifetimeMs * (0.8 + Math.random() * 0.4)).unref()
      listeners.add(listener)
      response.once('close', () => {
        clearTimeout(endTimer)
        stopWatching()
        listeners.delete(listener)
        release()
      })
      response.write(`retry: ${reconnectMs}\n\n`)
      void replay(events, listener, afterId)
      return true
    },
    close: () => {
      clearInterval(heartbeat)
      for (const listener of listeners) end(listener)
    },
  }
}

function send(listener: Listener, id: string, text: string): void {
  if (listener.response.writableEnded) return
  if (listener.buffered) return void listener.buffered.push({ id, text })
  if (listener.response.writableLength > bufferedBytesMax) return void listener.response.destroy()
  listener.response.write(text)
}

/** Sends what the caller missed since `afterId`, and then what has arrived in the meantime. */
async function replay(events: LiveEvents, listener: Listener, afterId: string | null): Promise<void> {
  const history = afterId === null ? [] : await events.since(afterId).catch(() => null)
  const { buffered } = listener
  listener.buffered = null
  if (history === null) send(listener, '', resetEvent)
  const sentIds = new Set(history?.map(({ id }) => id))
  for (const { id, batch } of history ?? []) {
    const text = formatBatch(id, batch).get(listener.siteId)
    if (text) send(listener, id, text)
  }
  for (const { id, text } of buffered ?? []) if (!sentIds.has(id)) send(listener, id, text)
}

const resetEvent = 'event: reset\ndata: {}\n\n'

function formatBatch(id: string, batch: LiveBatch): Map<number, string> {
  return new Map(Object.entries(batch).map(([siteId, events]) => [Number(siteId), formatEvents(id, events)]))
}

/** The id comes last, so that a caller that received only part of the batch receives all of it again. */
function formatEvents(id: string, { counts, deliveries, more, operations }: SiteEvents): string {
  const parts: [string, unknown][] = [
    ...(operations.length > 0 ? [['operations', operations] as [string, unknown]] : []),
    ...(deliveries.length > 0 ? [['deliveries', { deliveries, more }] as [string, unknown]] : []),
    ['counters', counts],
  ]
  const lines = parts.map(([name, data]) => `event: ${name}\ndata: ${JSON.stringify(data)}\n`)
  return `${lines.join('\n')}id: ${id}\n\n`
}
