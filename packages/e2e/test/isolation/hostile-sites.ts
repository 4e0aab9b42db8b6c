import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import type { HostileReceivers } from './hostile-receivers.ts'
import { exportTo, siteQuery, type TenantCalls } from './tenant-calls.ts'
import type { Tenant } from './tenants.ts'

interface HostileWork {
  calls: TenantCalls
  receivers: HostileReceivers
  /** Black holes that only this site uses. */
  blackHoles: readonly string[]
  /** Aborts when the test is over. */
  over: AbortSignal
}

interface Hostility {
  what: string
  /** The dead letters in its site's log; none unless given. */
  log?: { rows: number; messageLength: number }
  begin: (tenant: Tenant, work: HostileWork) => Promise<unknown>
}

/** Black holes that one site uses at most. */
export const blackHolesPerSite = 60
const newHostMs = 125
const queuedCount = 500
const queuedAtOnce = 20
const csvReaders = 10
const streamCount = 150
const waitingCalls = 200
const countsAtOnce = 20
/** Pause before a hostile site does the same again, and again, until the test is over. */
const againMs = { count: 500, provoke: 2_000, open: 5_000, hang: 10_000, wait: 20_000 }
const respondAsync = { prefer: 'respond-async' }

/** What the hostile sites do, each something else, as long as the test lasts. */
export const hostilities: readonly Hostility[] = [
  { what: 'exports to sixty hosts that hang, all at once', begin: hangEverywhere },
  { what: 'does the same from another site', begin: hangEverywhere },
  {
    what: 'exports to ever new hosts that hang',
    begin: (tenant, { calls, blackHoles, over }) =>
      untilOver(over, newHostMs, (turn) => exportAsync(calls, tenant, inTurn(blackHoles, turn))),
  },
  {
    what: 'has the shared host respond 429 with a Retry-After of an hour',
    begin: (tenant, { calls, receivers, over }) =>
      untilOver(over, againMs.provoke, () => exportAsync(calls, tenant, `${receivers.shared}throttled`)),
  },
  {
    what: 'has the shared host respond 503',
    begin: (tenant, { calls, receivers, over }) =>
      untilOver(over, againMs.provoke, () => exportAsync(calls, tenant, `${receivers.shared}broken`)),
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
    // More than the buffers of a connection hold.
    log: { rows: 5_000, messageLength: 3_000 },
    begin: (tenant, work) => many(csvReaders, () => keepOpen(tenant, '/api/deliveries/export', work)),
  },
  {
    what: 'opens 150 live streams',
    begin: (tenant, work) => many(streamCount, () => keepOpen(tenant, '/api/stream', work)),
  },
  {
    what: 'counts its log, twenty times at once',
    log: { rows: 10_000, messageLength: 10 },
    begin: (tenant, { calls, over }) => {
      const path = siteQuery(tenant, '/api/deliveries/count?cause=http_500')
      return many(countsAtOnce, () => untilOver(over, againMs.count, () => calls.call(tenant, path)))
    },
  },
  {
    what: 'has 200 calls wait for hosts that hang',
    begin: (tenant, { calls, blackHoles, over }) =>
      many(waitingCalls, (turn) =>
        untilOver(over, againMs.wait, () =>
          calls.call(tenant, '/api/webhook', exportTo(tenant, inTurn(blackHoles, turn))),
        ),
      ),
  },
]

function hangEverywhere(tenant: Tenant, { calls, blackHoles, over }: HostileWork): Promise<unknown> {
  return untilOver(over, againMs.hang, () =>
    Promise.all(blackHoles.map((url) => exportAsync(calls, tenant, url))),
  )
}

function inTurn(urls: readonly string[], turn: number): string {
  return urls[turn % urls.length] ?? ''
}

function exportAsync(calls: TenantCalls, tenant: Tenant, url: string): Promise<unknown> {
  return calls.call(tenant, '/api/webhook', { ...exportTo(tenant, url), headers: respondAsync })
}

/** Keeps a response open without reading it, and asks for the next one when it has ended or was refused. */
function keepOpen(tenant: Tenant, path: string, { calls, over }: HostileWork): Promise<unknown> {
  return untilOver(over, againMs.open, async () => {
    const response = await calls.open(tenant, siteQuery(tenant, path))
    if (response.statusCode === 200) await once(response, 'close')
    else response.resume()
  })
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
