import type { ServerResponse } from 'node:http'
import type { LiveBatch, LiveEvents, SiteEvents } from '@ghostpost/infrastructure/events'
import type { Places } from './places.ts'

/** One who looks on, over Server-Sent Events. https://html.spec.whatwg.org/multipage/server-sent-events.html */
interface Listener {
  siteId: number
  response: ServerResponse
  /** What comes while the past is still being read; null once it has been told. */
  held: { id: string; text: string }[] | null
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
const unreadBytesMax = 1_048_576
const comeBackMs = 2_000

export function openLiveListeners(events: LiveEvents, places: Places): LiveListeners {
  const listeners = new Set<Listener>()
  const tell = (listener: Listener, id: string, text: string): void => {
    if (listener.held) return void listener.held.push({ id, text })
    if (listener.response.writableLength > unreadBytesMax) return void listener.response.destroy()
    listener.response.write(text)
  }
  events.listen((heard) => {
    if (heard.kind === 'missed') return listeners.forEach((listener) => tell(listener, '', reset))
    const texts = textsOf(heard.id, heard.batch)
    for (const listener of listeners) {
      const text = texts.get(listener.siteId)
      if (text) tell(listener, heard.id, text)
    }
  })
  const heartbeat = setInterval(() => {
    for (const { response } of listeners) response.write(': alive\n\n')
  }, heartbeatMs).unref()

  const replay = async (listener: Listener, afterId: string | null): Promise<void> => {
    const past = afterId === null ? [] : await events.since(afterId).catch(() => null)
    const { held } = listener
    listener.held = null
    if (past === null) tell(listener, '', reset)
    const told = new Set(past?.map(({ id }) => id))
    for (const { id, batch } of past ?? []) {
      const text = textsOf(id, batch).get(listener.siteId)
      if (text) tell(listener, id, text)
    }
    for (const { id, text } of held ?? []) if (!told.has(id)) tell(listener, id, text)
  }
  return {
    add: (siteId, afterId, open) => {
      const leave = places.enter()
      if (!leave) return false
      const response = open()
      const listener: Listener = { siteId, response, held: [] }
      const end = setTimeout(() => response.end(), lifetimeMs * (0.8 + Math.random() * 0.4)).unref()
      listeners.add(listener)
      response.once('close', () => {
        clearTimeout(end)
        listeners.delete(listener)
        leave()
      })
      response.write(`retry: ${comeBackMs}\n\n`)
      void replay(listener, afterId)
      return true
    },
    close: () => {
      clearInterval(heartbeat)
      for (const { response } of listeners) response.end()
    },
  }
}

const reset = 'event: reset\ndata: {}\n\n'

function textsOf(id: string, batch: LiveBatch): Map<number, string> {
  return new Map(Object.entries(batch).map(([siteId, events]) => [Number(siteId), textOf(id, events)]))
}

/** The id comes last: whoever hears only half of it hears all of it again. */
function textOf(id: string, { counts, deliveries, more, operations }: SiteEvents): string {
  const parts: [string, unknown][] = [
    ...(operations.length > 0 ? [['operations', operations] as [string, unknown]] : []),
    ...(deliveries.length > 0 ? [['deliveries', { deliveries, more }] as [string, unknown]] : []),
    ['counters', counts],
  ]
  const lines = parts.map(([name, data]) => `event: ${name}\ndata: ${JSON.stringify(data)}\n`)
  return `${lines.join('\n')}id: ${id}\n\n`
}
