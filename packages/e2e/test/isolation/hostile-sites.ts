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

type Hostility = (tenant: Tenant, work: HostileWork) => Promise<unknown>

/** Black holes that one site uses at most. */
export const blackHolesPerSite = 100
const newHostsPerSecond = 8
const queuedCount = 500
const csvReaders = 10
const streamCount = 400
const waitingCalls = 300
const countsAtOnce = 20
const provocationMs = 500
const respondAsync = { prefer: 'respond-async' }

/** What the hostile sites do, each something else. Every one of them is bounded, or ends with the test. */
export const hostilities: Readonly<Record<string, Hostility>> = {
  'exports to a hundred hosts that hang, all at once': hangEverywhere,
  'the same, from another site': hangEverywhere,
  'exports to ever new hosts that hang': (tenant, { calls, blackHoles, over }) =>
    untilOver(over, 1_000 / newHostsPerSecond, (turn) =>
      exportAsync(calls, tenant, blackHoles[turn % blackHoles.length] ?? ''),
    ),
  'has the shared host respond 429 with a Retry-After of an hour': (tenant, { calls, receivers, over }) =>
    untilOver(over, provocationMs, () => exportAsync(calls, tenant, `${receivers.shared}throttled`)),
  'has the shared host respond 503': (tenant, { calls, receivers, over }) =>
    untilOver(over, provocationMs, () => exportAsync(calls, tenant, `${receivers.shared}broken`)),
  'queues 500 deliveries to one host that hangs': (tenant, { calls, blackHoles: [url = ''] }) =>
    many(queuedCount, () => exportAsync(calls, tenant, url)),
  'reads ten CSV exports and takes none of their bytes': (tenant, { calls }) =>
    many(csvReaders, () => openSlowly(calls, tenant, '/api/deliveries/export')),
  'opens 400 live streams': (tenant, { calls }) =>
    many(streamCount, () => openSlowly(calls, tenant, '/api/stream')),
  'counts its log twenty times at once': (tenant, { calls, over }) =>
    many(countsAtOnce, () =>
      untilOver(over, 0, () => calls.call(tenant, siteQuery(tenant, '/api/deliveries/count?text=m'))),
    ),
  'lets 300 calls wait for hosts that hang': (tenant, { calls, blackHoles }) =>
    many(waitingCalls, (turn) =>
      calls.call(tenant, '/api/webhook', exportTo(tenant, blackHoles[turn % blackHoles.length] ?? '')),
    ),
}

function hangEverywhere(tenant: Tenant, { calls, blackHoles }: HostileWork): Promise<unknown> {
  return Promise.all(blackHoles.map((url) => exportAsync(calls, tenant, url)))
}

function exportAsync(calls: TenantCalls, tenant: Tenant, url: string): Promise<unknown> {
  return calls.call(tenant, '/api/webhook', { ...exportTo(tenant, url), headers: respondAsync })
}

/** The response stays open and unread until all calls are closed. */
function openSlowly(calls: TenantCalls, tenant: Tenant, path: string): Promise<IncomingMessage> {
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
