import { setTimeout as pause } from 'node:timers/promises'
import type { EventStore, LiveMessage, LiveBatch } from '../../events/live-events.ts'
import { closeWhenUnresponsive } from './close-when-unresponsive.ts'
import { ListenedClient } from './listened-client.ts'
import type { Database } from './open-database.ts'

const channel = 'ghostpost_events'
/** https://www.postgresql.org/docs/current/sql-notify.html: a payload is shorter than 8000 bytes. */
const payloadBytesMax = 7_999
const failurePauseMs = 500

/**
 * Live events through LISTEN and NOTIFY, for an installation without Redis. Stores nothing, so `since` finds nothing.
 */
export function postgresEvents({ url, database }: { url: string; database: Database }): EventStore {
  let client: ListenedClient | null = null
  const closing = new AbortController()
  let count = 0

  const listenUntilClosed = async (receive: (message: LiveMessage) => void): Promise<void> => {
    while (!closing.signal.aborted) {
      const listener = new ListenedClient({ connectionString: url, application_name: 'ghostpost-events' })
      client = listener
      const ended = new Promise<void>((resolve) => {
        listener.once('end', resolve)
        listener.on('error', () => resolve())
      })
      listener.on('notification', ({ payload }) => receive(parseNotification(payload ?? '', (count += 1))))
      const isListening = await startListening(listener)
      const stopPinging = closeWhenUnresponsive(listener)
      if (isListening) await ended
      stopPinging()
      await listener.end().catch(() => {})
      if (closing.signal.aborted) return
      receive({ kind: 'missed' })
      await pause(failurePauseMs)
    }
  }
  return {
    deliveriesMax: 20,
    publish: async (batch) =>
      void (await database.pool.query('select pg_notify($1, $2)', [channel, payloadOf(batch)])),
    listen: (receive) => {
      if (!client && !closing.signal.aborted) void listenUntilClosed(receive)
    },
    since: async () => null,
    close: async () => {
      closing.abort()
      await client?.end().catch(() => {})
    },
  }
}

async function startListening(listener: ListenedClient): Promise<boolean> {
  try {
    await listener.connect()
    await listener.query(`listen ${channel}`)
    return true
  } catch {
    return false
  }
}

/** Every user of the database can send any text on the channel. */
function parseNotification(payload: string, count: number): LiveMessage {
  try {
    return { kind: 'batch', id: `${Date.now()}-${count}`, batch: JSON.parse(payload) as LiveBatch }
  } catch {
    return { kind: 'missed' }
  }
}

/** Empty for a batch that is too long: listeners treat that as missed events and reload. */
function payloadOf(batch: LiveBatch): string {
  const text = JSON.stringify(batch)
  return Buffer.byteLength(text) <= payloadBytesMax ? text : ''
}
