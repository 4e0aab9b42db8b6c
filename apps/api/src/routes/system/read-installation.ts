import { lanes, type Lane } from '@ghostpost/delivery/deliver'
import { timeToDrain, type DrainEstimate } from '@ghostpost/delivery/operations'
import type { LaneBacklog as LaneBacklogView, SystemView } from '@ghostpost/delivery/contract/system'
import {
  listWorkers,
  readBacklog,
  readPaces,
  type Backlog,
  type LaneBacklog,
  type LanePace,
  type LiveWorker,
} from '@ghostpost/infrastructure/database/stats'
import {
  listLanePauses,
  readDatabaseStore,
  type DatabaseStore,
  type LanePause,
} from '@ghostpost/infrastructure/database/upkeep'
import { version } from '@ghostpost/infrastructure/process'
import type { QueueStore } from '@ghostpost/infrastructure/queue'
import { cachedRead } from '@ghostpost/infrastructure/telemetry'
import type { RouteContext } from '../../server/route.ts'

/** Every open dashboard polls every few seconds; all of them share one count. */
const countsFreshMs = 1_000

const readCounts = cachedRead(countsFreshMs, async ({ database, queue, lists }: RouteContext) => {
  const queueCheck = await queue.check()
  const isUp = queueCheck !== 'down'
  const [databaseCheck, backlog, paces, databaseStore, queueStore, depths] = await Promise.all([
    database.check(),
    lists.read(readBacklog),
    lists.read(readPaces),
    readDatabaseStore(database).catch(() => null),
    isUp ? queue.readStore().catch(() => null) : null,
    isUp ? queue.depth().catch(() => null) : null,
  ])
  return { queueCheck, databaseCheck, backlog, paces, databaseStore, queueStore, depths }
})

/** The state of the installation. Pauses and workers are read for each call, counts at most once a second. */
export async function readInstallation(
  context: RouteContext,
): Promise<Omit<SystemView, 'may_pause' | 'raw_queues'>> {
  const [counts, pauses, workers] = await Promise.all([
    readCounts(context),
    listLanePauses(context.database),
    listWorkers(context.database),
  ])
  const { depths } = counts
  return {
    version,
    checks: { database: counts.databaseCheck, queue: counts.queueCheck },
    lanes: depths && lanes.map((lane) => ({ lane, ...depths[lane], paused: pauseOf(lane, pauses) })),
    backlog: backlogOf(counts.backlog, counts.paces, pauses, workers.length),
    stores: {
      database: counts.databaseStore && databaseStoreOf(counts.databaseStore),
      queue: counts.queueStore && queueStoreOf(counts.queueStore),
    },
    workers: workers.map(workerOf),
  }
}

function pauseOf(
  lane: Lane,
  pauses: readonly LanePause[],
): NonNullable<SystemView['lanes']>[number]['paused'] {
  const pause = pauses.find((one) => one.lane === lane)
  return pause ? { reason: pause.reason, by: pause.pausedBy, at: pause.pausedAt.toISOString() } : null
}

function backlogOf(
  backlog: Backlog,
  paces: ReadonlyMap<Lane, LanePace>,
  pauses: readonly LanePause[],
  workers: number,
): SystemView['backlog'] {
  const all = Object.values(backlog.lanes)
  const oldest = all.flatMap(({ oldestDueSeconds }) => oldestDueSeconds ?? [])
  const [first] = all
  return {
    due: all.reduce((sum, { due }) => sum + due, 0),
    oldest_due_seconds: oldest.length === 0 ? null : Math.max(...oldest),
    retries: (first?.upcoming ?? []).map(({ withinMinutes }, index) => ({
      within_minutes: withinMinutes,
      count: all.reduce((sum, { upcoming }) => sum + (upcoming[index]?.count ?? 0), 0),
    })),
    lanes: lanes.map((lane) => {
      const pace = paces.get(lane) ?? { perMinute: 0, before: null }
      const isPaused = pauses.some((one) => one.lane === lane)
      return laneBacklogOf(lane, backlog.lanes[lane], pace, { isPaused, workers })
    }),
    capped: backlog.capped,
  }
}

function laneBacklogOf(
  lane: Lane,
  { due, paused, oldestDueSeconds, upcoming }: LaneBacklog,
  pace: LanePace,
  laneState: { isPaused: boolean; workers: number },
): LaneBacklogView {
  return {
    lane,
    due,
    held: paused,
    oldest_due_seconds: oldestDueSeconds,
    coming: upcoming.map(({ withinMinutes, count }) => ({ within_minutes: withinMinutes, count })),
    attempts_per_minute: pace.perMinute,
    draining: drainingOf(timeToDrain({ due, ...pace, ...laneState })),
  }
}

function drainingOf(draining: DrainEstimate): LaneBacklogView['draining'] {
  return {
    state: draining.state,
    per_minute: draining.state === 'growing' ? draining.perMinute : null,
    seconds_low: draining.state === 'draining' ? draining.secondsLow : null,
    seconds_high: draining.state === 'draining' ? draining.secondsHigh : null,
  }
}

function databaseStoreOf(store: DatabaseStore): SystemView['stores']['database'] {
  return {
    version: store.version,
    latency_ms: store.latencyMs,
    size_bytes: store.sizeBytes,
    connections: store.connections,
    connections_max: store.connectionsMax,
  }
}

function queueStoreOf(store: QueueStore): SystemView['stores']['queue'] {
  return {
    kind: store.kind,
    version: store.version,
    latency_ms: store.latencyMs,
    used_bytes: store.usedBytes,
    max_bytes: store.maxBytes,
    eviction_policy: store.evictionPolicy,
    clients: store.clients,
    is_persistent: store.isPersistent,
    uptime_seconds: store.uptimeSeconds,
  }
}

function workerOf(worker: LiveWorker): SystemView['workers'][number] {
  return {
    id: worker.id,
    host: worker.host,
    version: worker.version,
    concurrency: worker.concurrency,
    started_at: worker.startedAt.toISOString(),
    seen_at: worker.seenAt.toISOString(),
    other_version: worker.version !== version,
  }
}
