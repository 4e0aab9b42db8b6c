import { setTimeout as pause } from 'node:timers/promises'
import type { Client, QueryConfig } from 'pg'
import { lockKeyOf } from '../attempts/claim-ids.ts'
import { ListenedClient } from '../connection/listened-client.ts'
import { findFreeLocks, recordHeartbeat, type WorkerHeartbeat } from './worker-heartbeat.ts'

export interface WorkerLock {
  /** Whether this worker holds its lock now. */
  isHeld: () => boolean
  /** The lock's key for the heartbeat; null as long as the lock was never taken. */
  key: () => string | null
  /** The other workers whose locks are free. Rejects while this worker has no connection of its own. */
  findFree: () => Promise<string[]>
  /** Ends the connection, which frees the lock. */
  close: () => Promise<void>
}

export interface WorkerLockOptions {
  url: string
  worker: Omit<WorkerHeartbeat, 'lockKey'>
  /** Called when the lock is taken, and when its connection has ended. */
  onChange?: (isHeld: boolean) => void
  /** Called when the connection breaks or cannot be opened. It is opened again. */
  onError: (error: unknown) => void
  /** Called when the lock cannot show that this worker lives, because a pooler is in between. */
  onPooled: () => void
}

const connectTimeoutMs = 3_000
const queryTimeoutMs = 3_000
const reopenMs = 250

/**
 * Settings of the connection. The server notices within 11 s that this machine is gone, and never ends the connection
 * because it is idle. A lock that an earlier connection of this worker still holds is awaited for 2 s at a time.
 */
const settings = {
  tcp_keepalives_idle: '5',
  tcp_keepalives_interval: '2',
  tcp_keepalives_count: '3',
  idle_session_timeout: '0',
  lock_timeout: '2s',
} as const

const settingsSql = `
  select
    pg_backend_pid() as pid,
    count(set_config(s.name, w.value, false))::int as count
  from json_each_text($1) w(name, value)
  join pg_settings s on s.name = w.name`

const lockSql = 'select pg_advisory_lock($1)::text as locked'

/**
 * Holds a session-level advisory lock on a connection of its own for as long as this process lives. Postgres frees it
 * when the process ends, and not while it is only slow or frozen. Other workers then release the process's claims.
 *
 * Behind a pooler such as PgBouncer a connection to the server outlives the process and may end before it. Then no lock
 * is taken, and claims end by expiry alone.
 */
export function holdWorkerLock(options: WorkerLockOptions): WorkerLock {
  const { worker, onError } = options
  const closing = new AbortController()
  const lockKey = lockKeyOf(worker.id)
  let held: Client | null = null
  let current: Client | null = null
  let wasHeld = false

  const holdOnce = async (): Promise<'pooled' | 'ended'> => {
    const client = openClient(options.url)
    current = client
    const { promise: ended, resolve: end }: PromiseWithResolvers<void> = Promise.withResolvers()
    client.on('error', onError).once('end', end)
    try {
      await client.connect()
      if (!(await isDirect(client))) return 'pooled'
      await client.query<{ locked: string }>(lockSql, [lockKey])
      // Before the first claim under this lock, so that others look at it.
      await recordHeartbeat({ pool: client }, { ...worker, lockKey })
      held = client
      wasHeld = true
      options.onChange?.(true)
      await ended
      return 'ended'
    } finally {
      held = null
      options.onChange?.(false)
      await client.end().catch(() => {})
    }
  }
  const hold = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      const result = await holdOnce().catch(onError)
      if (result === 'pooled') return options.onPooled()
      await pause(reopenMs, undefined, { signal: closing.signal, ref: false }).catch(() => {})
    }
  }
  const holding = hold()
  return {
    isHeld: () => held !== null,
    key: () => (wasHeld ? lockKey : null),
    findFree: async () => {
      const client = held
      if (!client) throw new Error('The connection of the worker’s lock is not open.')
      return findFreeLocks({ pool: client }, worker.id).catch((error: unknown) => {
        // A connection that does not respond may be gone; a new one takes the lock again.
        void client.end().catch(() => {})
        throw error
      })
    },
    close: async () => {
      closing.abort()
      await current?.end().catch(() => {})
      await holding
    },
  }
}

function openClient(url: string): Client {
  return new ListenedClient({
    connectionString: url,
    application_name: 'ghostpost-worker-lock',
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: queryTimeoutMs,
    keepAlive: true,
  })
}

/** Whether this connection leads to the server itself: a pooler reports another process than the server's own. */
async function isDirect(client: Client): Promise<boolean> {
  const query: QueryConfig = { text: settingsSql, values: [JSON.stringify(settings)] }
  const { rows } = await client.query<{ pid: number; count: number }>(query)
  const { processID } = client as Client & { processID?: number }
  return rows[0]?.pid === processID
}
