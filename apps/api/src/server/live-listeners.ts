import type { ServerResponse } from 'node:http'
import type { LiveBatch, LiveEvents, SiteEvents } from '@ghostpost/infrastructure/events'
import type { Semaphore } from './semaphore.ts'

/** One who looks on, over Server-Sent Events. https://html.spec.whatwg.org/multipage/server-sent-events.html */
interface Listener {
  siteId: number
  response: ServerResponse
  /** What comes while the past is still being read; null once it has been told. */
  buffered: { id: string; text: string }[] | null
}

export interface LiveListeners {
  /**
   * Tells a caller what happens in a site until one of both goes away.
   * @param afterId what it heard last, if it comes back
   * @param open begins the answer, once there is a place
   * @returns false when too many look on
   */
  add: (siteId: number, afterId: string | null, open: () => ServerResponse) => boolean
  /** Ends all, so that a stopping server does not wait for them. */
  close: () => void
}

const heartbeatMs = 15_000
/** A caller comes back by itself after this time, with a session that is looked at anew. */
const lifetimeMs = 120_000
/** A caller that reads slower than this many bytes pile up is let go; it comes back and looks anew. */
const bufferedBytesMax = 1_048_576
const reconnectMs = 2_000

export function openLiveListeners(events: LiveEvents, slots: Semaphore): LiveListeners {
  const listeners = new Set<Listener>()
  const send = (listener: Listener, id: string, text: string): void => {
    if (listener.buffered) return void listener.buffered.push({ id, text })
    if (listener.response.writableLength > bufferedBytesMax) return void listener.response.destroy()
    listener.response.write(text)
  }
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

  const replay = async (listener: Listener, afterId: string | null): Promise<void> => {
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
  return {
    add: (siteId, afterId, open) => {
      const release = slots.tryAcquire()
      if (!release) return false
      const response = open()
      const listener: Listener = { siteId, response, buffered: [] }
      const endTimer = setTimeout(() => response.end(), lifetimeMs * (0.8 + Math.random() * 0.4)).unref()
      listeners.add(listener)
      response.once('close', () => {
        clearTimeout(endTimer)
        listeners.delete(listener)
        release()
      })
      response.write(`retry: ${reconnectMs}\n\n`)
      void replay(listener, afterId)
      return true
    },
    close: () => {
      clearInterval(heartbeat)
      for (const { response } of listeners) response.end()
    },
  }
}

const resetEvent = 'event: reset\ndata: {}\n\n'

function formatBatch(id: string, batch: LiveBatch): Map<number, string> {
  return new Map(Object.entries(batch).map(([siteId, events]) => [Number(siteId), formatEvents(id, events)]))
}

/** The id comes last: whoever hears only half of it hears all of it again. */
function formatEvents(id: string, { counts, deliveries, more, operations }: SiteEvents): string {
  const parts: [string, unknown][] = [
    ...(operations.length > 0 ? [['operations', operations] as [string, unknown]] : []),
    ...(deliveries.length > 0 ? [['deliveries', { deliveries, more }] as [string, unknown]] : []),
    ['counters', counts],
  ]
  const lines = parts.map(([name, data]) => `event: ${name}\ndata: ${JSON.stringify(data)}\n`)
  return `${lines.join('\n')}id: ${id}\n\n`
}
