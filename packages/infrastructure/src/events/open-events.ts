import { isRedisUrl } from '../config/redis-url.ts'
import type { Database } from '../database/connection/open-database.ts'
import { postgresEvents } from '../database/connection/postgres-events.ts'
import { warnThrottled } from '../queue/queue-backend.ts'
import type { Logger } from '../telemetry/logger.ts'
import { liveEvents, type LiveEvents } from './live-events.ts'
import { redisEvents } from './redis-events.ts'

export interface EventOptions {
  /** A Redis of any kind; `postgres://` for LISTEN and NOTIFY. */
  url: string
  prefix: string
  database: Database
  log: Logger
}

/** Opens the transport of live events from all processes to the listeners. */
export function openEvents({ url, prefix, database, log }: EventOptions): LiveEvents {
  const store = isRedisUrl(url) ? redisEvents({ url, prefix }) : postgresEvents({ url, database })
  return liveEvents(
    store,
    warnThrottled(log, 'live events were not published; listeners see the changes later'),
  )
}
