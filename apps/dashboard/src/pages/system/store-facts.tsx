import type { SystemView } from '@ghostpost/delivery/contract/system'
import { Facts } from '../../ui/facts.tsx'
import { Badge } from '../../ui/status.tsx'
import { formatDuration } from '../../ui/format-time.ts'
import { formatNumber } from '../deliveries/format-count.ts'
import { formatBytes } from './format-bytes.ts'

type Stores = SystemView['stores']

/** The state of the queue's store, and whether its configuration suits a queue. */
export function QueueStoreFacts({ check, store }: { check: string; store: Stores['queue'] }) {
  return (
    <Facts>
      <Facts.Row name="State">
        <Check status={check} />
      </Facts.Row>
      {store && (
        <>
          <Facts.Row name="Store">
            {store.kind === 'redis' ? 'Redis' : 'Postgres'} {store.version}
            {store.uptime_seconds !== null && ` · up for ${formatDuration(store.uptime_seconds * 1_000)}`}
          </Facts.Row>
          <Facts.Row name="Latency">{formatDuration(store.latency_ms)}</Facts.Row>
          <Facts.Row name="Memory">{formatMemory(store)}</Facts.Row>
          {store.kind === 'redis' && <RedisFacts store={store} />}
        </>
      )}
    </Facts>
  )
}

function RedisFacts({ store }: { store: NonNullable<Stores['queue']> }) {
  const { eviction_policy: policy, is_persistent: isPersistent } = store
  return (
    <>
      <Facts.Row name="When full">
        {policy === 'noeviction' ? (
          'rejects writes, evicts nothing (noeviction)'
        ) : (
          <Badge tone="bad" icon="warn" text={`evicts jobs (${policy}): set noeviction`} />
        )}
      </Facts.Row>
      <Facts.Row name="Persistence">
        {isPersistent
          ? 'yes (append-only file, AOF)'
          : 'no append-only file (AOF): after a restart, the sweeper enqueues all waiting deliveries again'}
      </Facts.Row>
      {store.clients !== null && <Facts.Row name="Clients">{formatNumber(store.clients)}</Facts.Row>}
    </>
  )
}

function formatMemory({ used_bytes: used, max_bytes: max, kind }: NonNullable<Stores['queue']>): string {
  if (used === null) return 'unknown'
  if (kind === 'postgres') return `${formatBytes(used)} on disk`
  if (max === null) return `${formatBytes(used)}, no limit configured`
  return `${formatBytes(used)} of ${formatBytes(max)} (${Math.round((used / max) * 100)} %)`
}

export function DatabaseFacts({ check, store }: { check: string; store: Stores['database'] }) {
  return (
    <Facts>
      <Facts.Row name="State">
        <Check status={check} />
      </Facts.Row>
      {store && (
        <>
          <Facts.Row name="Version">Postgres {store.version}</Facts.Row>
          <Facts.Row name="Latency">{formatDuration(store.latency_ms)}</Facts.Row>
          <Facts.Row name="Size">{formatBytes(store.size_bytes)}</Facts.Row>
          <Facts.Row name="Connections">
            {formatNumber(store.connections)} of {formatNumber(store.connections_max)}
          </Facts.Row>
        </>
      )}
    </Facts>
  )
}

const checkTexts: Readonly<Record<string, string>> = {
  down: 'does not respond',
  full: 'is full: accepts no writes',
  read_only: 'is read-only: accepts no writes',
  partial: 'responds in part: some of its nodes are down',
  evicting: 'may evict jobs: set maxmemory-policy to noeviction',
  forbidden: 'refuses Ghostpost’s user, or a command that the queue needs',
}

function Check({ status }: { status: string }) {
  if (status === 'ok') return <Badge tone="good" icon="check" text="Ok" />
  return <Badge tone="bad" icon="bad" text={checkTexts[status] ?? status} />
}
