import type { IncomingMessage } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import type { HostileReceivers } from './hostile-receivers.ts'
import { exportTo, siteQuery, type TenantCalls } from './tenant-calls.ts'
import type { Tenant } from './tenants.ts'

export interface HostileWork {
  calls: TenantCalls
  receivers: HostileReceivers
  /** Black holes that only this site uses. */
  blackHoles: readonly string[]
  /** Aborts when the test is over. */
  over: AbortSignal
}

interface Hostility {
  what: string
  /** Whether its site has a long log. */
  hasLog?: boolean
  begin: (tenant: Tenant, work: HostileWork) => Promise<unknown>
}

/** Black holes that one site uses at most. */
export const blackHolesPerSite = 100
const newHostsPerSecond = 8
const queuedCount = 500
const queuedAtOnce = 20
const csvReaders = 10
const streamCount = 400
const waitingCalls = 300
const countsAtOnce = 20
const provocationMs = 500
const respondAsync = { prefer: 'respond-async' }

/** What the hostile sites do, each something else. All of it is bounded in number, or ends with the test. */
export const hostilities: readonly Hostility[] = [
  { what: 'exports to a hundred hosts that hang, all at once', begin: hangEverywhere },
  { what: 'does the same from another site', begin: hangEverywhere },
  {
    what: 'exports to ever new hosts that hang',
    begin: (tenant, { calls, blackHoles, over }) =>
      untilOver(over, 1_000 / newHostsPerSecond, (turn) =>
        exportAsync(calls, tenant, blackHoles[turn % blackHoles.length] ?? ''),
      ),
  },
  {
    what: 'has the shared host respond 429 with a Retry-After of an hour',
    begin: (tenant, { calls, receivers, over }) =>
      untilOver(over, provocationMs, () => exportAsync(calls, tenant, `${receivers.shared}throttled`)),
  },
  {
    what: 'has the shared host respond 503',
    begin: (tenant, { calls, receivers, over }) =>
      untilOver(over, provocationMs, () => exportAsync(calls, tenant, `${receivers.shared}broken`)),
  },
  {
    what: 'queues 500 deliveries to one host that hangs',
    begin: (tenant, { calls, blackHoles: [url = ''] }) =>
      many(queuedAtOnce, async () => {
        for (let made = 0; made < queuedCount / queuedAtOnce; made += 1) await exportAsync(calls, tenant, url)
      }),
  },
  {
    what: 'reads ten CSV exports and takes none of their bytes',
    hasLog: true,
    begin: (tenant, { calls }) => many(csvReaders, () => openUnread(calls, tenant, '/api/deliveries/export')),
  },
  {
    what: 'opens 400 live streams',
    begin: (tenant, { calls }) => many(streamCount, () => openUnread(calls, tenant, '/api/stream')),
  },
  {
    what: 'counts its log, twenty times at once',
    hasLog: true,
    begin: (tenant, { calls, over }) => {
      const path = siteQuery(tenant, '/api/deliveries/count?cause=http_500')
      return many(countsAtOnce, () => untilOver(over, 0, () => calls.call(tenant, path)))
    },
  },
  {
    what: 'has 300 calls wait for hosts that hang',
    begin: (tenant, { calls, blackHoles }) =>
      many(waitingCalls, (turn) =>
        calls.call(tenant, '/api/webhook', exportTo(tenant, blackHoles[turn % blackHoles.length] ?? '')),
      ),
  },
]

function hangEverywhere(tenant: Tenant, { calls, blackHoles }: HostileWork): Promise<unknown> {
  return Promise.all(blackHoles.map((url) => exportAsync(calls, tenant, url)))
}

function exportAsync(calls: TenantCalls, tenant: Tenant, url: string): Promise<unknown> {
  return calls.call(tenant, '/api/webhook', { ...exportTo(tenant, url), headers: respondAsync })
}

/** The response stays open and unread until all calls are closed. */
function openUnread(calls: TenantCalls, tenant: Tenant, path: string): Promise<IncomingMessage> {
  return calls.open(tenant, siteQuery(tenant, path))
}

function many(count: number, work: (turn: number) => Promise<unknown>): Promise<unknown> {
  return Promise.all(Array.from({ length: count }, (_, turn) => work(turn)))
}

/** Works again and again. A refusal is a response; only the end of the test ends it. */
async function untilOver(
  over: AbortSignal,
  everyMs: number,
  work: (turn: number) => Promise<unknown>,
): Promise<void> {
  for (let turn = 0; !over.aborted; turn += 1) {
    await work(turn).catch(() => {})
    await pause(everyMs, undefined, { signal: over }).catch(() => {})
  }
}
