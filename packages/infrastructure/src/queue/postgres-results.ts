import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import type { Notification, Pool, PoolClient } from 'pg'
import { endWhenSilent } from '../database/connection/end-when-silent.ts'
import { failurePauseMs, type ResultReader } from './backend.ts'

/** Hears what is announced on a channel, on a connection of its own, and comes back by itself when that is lost. */
export function listenTo(
  pool: Pool,
  channel: string,
  hear: (result: unknown) => void,
  complain: (err: unknown) => void,
): ResultReader {
  const closing = new AbortController()
  const ready = Promise.withResolvers<void>()
  const listening = listenUntil(closing.signal, pool, channel, hear, complain, ready.resolve)
  return {
    ready: () => ready.promise,
    close: () => {
      closing.abort()
      return listening
    },
  }
}

async function listenUntil(
  closing: AbortSignal,
  pool: Pool,
  channel: string,
  hear: (result: unknown) => void,
  complain: (err: unknown) => void,
  ready: () => void,
): Promise<void> {
  while (!closing.aborted) {
    try {
      await listenOnce(closing, await pool.connect(), channel, hear, ready)
    } catch (error) {
      if (closing.aborted) return
      complain(error)
      await pause(failurePauseMs, undefined, { signal: closing }).catch(() => {})
    }
  }
}

/** Resolves or rejects when the connection is lost or `closing` aborts; the connection is not used again. */
async function listenOnce(
  closing: AbortSignal,
  client: PoolClient,
  channel: string,
  hear: (result: unknown) => void,
  ready: () => void,
): Promise<void> {
  const stopAsking = endWhenSilent(client)
  try {
    // Without a listener, an error on the way out would end the process.
    client.on('error', () => {})
    client.on('notification', ({ payload }: Notification) => hear(parse(payload)))
    const lost = once(client, 'end', { signal: closing })
    lost.catch(() => {})
    await client.query(`listen "${channel}"`)
    ready()
    await lost
  } finally {
    stopAsking()
    client.removeAllListeners('notification')
    client.release(true)
  }
}

/** Anyone who may use the database may announce anything. */
function parse(payload: string | undefined): unknown {
  try {
    return JSON.parse(payload ?? 'null')
  } catch {
    return null
  }
}
