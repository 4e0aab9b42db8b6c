import { lanes, type Lane } from '@ghostpost/delivery/deliver'
import { timeToDrain, type DrainEstimate } from '@ghostpost/delivery/operations'
import type { LaneBacklog as LaneBacklogView, SystemView } from '@ghostpost/delivery/contract/system'
import {
  listWorkers,
  type HeldReceiver,
  type LaneBacklog,
  type LanePace,
  type LiveWorker,
} from '@ghostpost/infrastructure/database/stats'
import { listLanePauses, type DatabaseStore, type LanePause } from '@ghostpost/infrastructure/database/upkeep'
import { version } from '@ghostpost/infrastructure/process'
import type { QueueStore } from '@ghostpost/infrastructure/queue'
import type { RouteContext } from '../../server/route.ts'
import { readStores, readWaitingCounts, type WaitingCounts } from './read-counts.ts'

type InstallationView = Omit<SystemView, 'may_pause' | 'raw_queues'>
type LaneView = NonNullable<SystemView['lanes']>[number]

/** The state of the installation, with all its names and numbers: for an admin of every site. */
export function readInstallation(context: RouteContext): Promise<InstallationView> {
  return readState(context, null)
}

/**
 * The part of the installation's state that concerns some sites: whether their deliveries are sent, and what of them
 * waits. Without the names of people and machines, and without numbers that other sites contribute to.
 */
export async function readInstallationFor(
  context: RouteContext,
  sites: readonly number[],
): Promise<InstallationView> {
  const { version: apiVersion, held, checks, lanes: all, backlog, workers } = await readState(context, sites)
  return {
    version: apiVersion,
    held,
    scope: 'own_sites',
    checks,
    lanes: all && all.map(withoutNumbersAndNames),
    backlog,
    stores: { database: null, queue: null },
    workers: workers.map((worker) => ({ ...worker, host: null })),
  }
}

function withoutNumbersAndNames({ lane, paused }: LaneView): LaneView {
  const pauseWithoutName = paused && { reason: paused.reason, by: null, at: paused.at }
  return { lane, waiting: null, active: null, delayed: null, failed: null, paused: pauseWithoutName }
}

/** Pauses and workers are read for each call, counts at most once a second. */
async function readState(context: RouteContext, sites: readonly number[] | null): Promise<InstallationView> {
  const [stores, waiting, pauses, workers] = await Promise.all([
    readStores(context),
    readWaitingCounts(context, sites),
    listLanePauses(context.database),
    listWorkers(context.database),
  ])
  const { depths } = stores
  const { GHOSTPOST_HOLD: isHeld } = context.settings
  return {
    version,
    held: isHeld,
    scope: 'all_sites',
    checks: { database: stores.databaseCheck, queue: stores.queueCheck },
    lanes: depths && lanes.map((lane) => ({ lane, ...depths[lane], paused: pauseOf(lane, pauses) })),
    backlog: backlogOf(waiting, pauses, { isHeld, workers: workers.length }),
    stores: {
      database: stores.databaseStore && databaseStoreOf(stores.databaseStore),
      queue: stores.queueStore && queueStoreOf(stores.queueStore),
    },
    workers: workers.map(workerOf),
  }
}

function pauseOf(lane: Lane, pauses: readonly LanePause[]): LaneView['paused'] {
  const pause = pauses.find((one) => one.lane === lane)
  return pause ? { reason: pause.reason, by: pause.pausedBy, at: pause.pausedAt.toISOString() } : null
}

function backlogOf(
  { backlog, paces }: WaitingCounts,
  pauses: readonly LanePause[],
  { isHeld, workers }: { isHeld: boolean; workers: number },
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
      const isPaused = isHeld || pauses.some((one) => one.lane === lane)
      return laneBacklogOf(lane, backlog.lanes[lane], pace, { isPaused, workers })
    }),
    held_receivers: backlog.heldReceivers.map(heldReceiverOf),
    capped: backlog.capped,
  }
}

function heldReceiverOf(held: HeldReceiver): SystemView['backlog']['held_receivers'][number] {
  return {
    siteId: held.siteId,
    receiver: held.receiver,
    destination_id: held.destinationId,
    destination_name: held.destinationName,
    reason: held.reason,
    until: held.until.toISOString(),
    count: held.count,
  }
}

function laneBacklogOf(
  lane: Lane,
  { due, paused, heldByReceiver, oldestDueSeconds, upcoming }: LaneBacklog,
  pace: LanePace,
  laneState: { isPaused: boolean; workers: number },
): LaneBacklogView {
  return {
    lane,
    due,
    held: paused,
    held_by_receiver: heldByReceiver,
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
