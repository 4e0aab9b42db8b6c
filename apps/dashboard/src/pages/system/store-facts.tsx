import type { SystemView } from '@ghostpost/delivery/contract/system'
import { Facts } from '../../ui/facts.tsx'
import { Badge } from '../../ui/status.tsx'
import { formatDuration } from '../../ui/format-time.ts'
import { formatNumber } from '../deliveries/format-count.ts'
import { formatBytes } from './format-bytes.ts'

type Stores = SystemView['stores']

/** How the queue's store is, and whether it is set up as a queue needs it. */
export function QueueStoreFacts({ check, store }: { check: string; store: Stores['queue'] }) {
  return (
    <Facts>
      <Facts.Row name="State">
        <Check status={check} />
      </Facts.Row>
      {store && (
        <>
          <Facts.Row name="Kind">
            {store.kind === 'redis' ? 'Redis' : 'Postgres'} {store.version}
            {store.uptime_seconds !== null && ` · up for ${formatDuration(store.uptime_seconds * 1_000)}`}
          </Facts.Row>
          <Facts.Row name="Answers in">{formatDuration(store.latency_ms)}</Facts.Row>
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
      <Facts.Row name="When it is full">
        {policy === 'noeviction' ? (
          'it refuses, and throws nothing away'
        ) : (
          <Badge tone="bad" icon="warn" text={`it throws jobs away (${policy}): set noeviction`} />
        )}
      </Facts.Row>
      <Facts.Row name="Log on disk">
        {isPersistent ? 'yes' : 'no: after its restart, the sweeper rings again for all that waits'}
      </Facts.Row>
      {store.clients !== null && <Facts.Row name="Clients">{formatNumber(store.clients)}</Facts.Row>}
    </>
  )
}

function formatMemory({ used_bytes: used, max_bytes: max, kind }: NonNullable<Stores['queue']>): string {
  if (used === null) return 'not known'
  if (kind === 'postgres') return `${formatBytes(used)} on disk`
  if (max === null) return `${formatBytes(used)}, without a limit of its own`
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
          <Facts.Row name="Answers in">{formatDuration(store.latency_ms)}</Facts.Row>
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
  down: 'does not answer',
  full: 'is full: it takes nothing more',
  read_only: 'is read-only: it takes nothing',
  partial: 'answers in part: some of its nodes are away',
  evicting: 'may throw jobs away: set maxmemory-policy to noeviction',
}

function Check({ status }: { status: string }) {
  if (status === 'ok') return <Badge tone="good" icon="check" text="In order" />
  return <Badge tone="bad" icon="bad" text={checkTexts[status] ?? status} />
}
