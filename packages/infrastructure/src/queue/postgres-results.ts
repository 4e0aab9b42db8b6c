import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import type { Notification, Pool, PoolClient } from 'pg'
import { closeWhenUnresponsive } from '../database/connection/close-when-unresponsive.ts'
import { failurePauseMs, type ResultReader } from './queue-backend.ts'

/** Listens to a channel on its own connection and reconnects by itself. */
export function followChannel(
  pool: Pool,
  channel: string,
  onResult: (result: unknown) => void,
  warn: (err: unknown) => void,
): ResultReader {
  const closing = new AbortController()
  const ready = Promise.withResolvers<void>()
  const listening = listenUntilClosed(closing.signal, pool, channel, onResult, warn, ready.resolve)
  return {
    ready: () => ready.promise,
    close: () => {
      closing.abort()
      return listening
    },
  }
}

async function listenUntilClosed(
  closing: AbortSignal,
  pool: Pool,
  channel: string,
  onResult: (result: unknown) => void,
  warn: (err: unknown) => void,
  ready: () => void,
): Promise<void> {
  while (!closing.aborted) {
    try {
      await listenOnce(closing, await pool.connect(), channel, onResult, ready)
    } catch (error) {
      if (closing.aborted) return
      warn(error)
      await pause(failurePauseMs, undefined, { signal: closing }).catch(() => {})
    }
  }
}

/** Resolves or rejects when the connection is lost or `closing` aborts. Closes the connection. */
async function listenOnce(
  closing: AbortSignal,
  client: PoolClient,
  channel: string,
  onResult: (result: unknown) => void,
  ready: () => void,
): Promise<void> {
  const stopSilenceCheck = closeWhenUnresponsive(client)
  try {
    client.on('notification', ({ payload }: Notification) => onResult(parse(payload)))
    const connectionLost = once(client, 'end', { signal: closing })
    connectionLost.catch(() => {})
    await client.query(`listen "${channel}"`)
    ready()
    await connectionLost
  } finally {
    stopSilenceCheck()
    client.removeAllListeners('notification')
    client.release(true)
  }
}

/** Every user of the database can send any text on the channel. */
function parse(payload: string | undefined): unknown {
  try {
    return JSON.parse(payload ?? 'null')
  } catch {
    return null
  }
}
