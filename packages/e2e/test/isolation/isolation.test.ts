import { respond } from '@ghostpost/test-kit/receiver/reactions'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startHostileReceivers, type HostileReceivers } from './hostile-receivers.ts'
import { blackHolesPerSite, hostilities } from './hostile-sites.ts'
import {
  exportTo,
  openTenantCalls,
  siteQuery,
  type TenantCalls,
  type TenantResponse,
} from './tenant-calls.ts'
import { insertDeadLetters, makeTenants, type Tenant } from './tenants.ts'

/**
 * A hundred sites of which ten are hostile, all at the same time. Each test says what the other ninety must not
 * notice. The hostile sites begin before the first test and go on until the last one.
 */

const siteCount = 100
const hostileCount = hostilities.length
const inFlightMax = 700
const groupSize = 10

let stack: Stack
let receivers: HostileReceivers
let hostileCalls: TenantCalls
let innocentCalls: TenantCalls
let hostile: Tenant[]
let innocent: Tenant[]
const over = new AbortController()
/** Requests of innocent sites that were refused. */
const refusals: string[] = []

beforeAll(async () => {
  receivers = await startHostileReceivers(hostileCount * blackHolesPerSite)
  stack = await startStack({
    GHOSTPOST_ALLOWED_ADDRESSES: '127.0.0.1/32',
    GHOSTPOST_BREAKER_FAILURES: '5',
    GHOSTPOST_RETRY_SCHEDULE: '0s 1s 2s 1h',
    GHOSTPOST_MAX_IN_FLIGHT: String(inFlightMax),
    GHOSTPOST_MAX_WAITING: '150',
    GHOSTPOST_MAX_LISTENERS: '100',
  })
  stack.receiver.always(respond(200))
  const tenants = await makeTenants(stack, siteCount)
  hostile = tenants.slice(0, hostileCount)
  innocent = tenants.slice(hostileCount)
  hostileCalls = openTenantCalls(stack.api)
  innocentCalls = openTenantCalls(stack.api)
  await insertLogs()
  beginHostilities()
  await waitUntil('hosts that hang have many requests', () => receivers.swallowed() >= 20)
  await waitUntil('the shared host has refused requests', () => refusedPaths().length >= 2)
})

afterAll(async () => {
  over.abort()
  hostileCalls.close()
  innocentCalls.close()
  await Promise.all(stack.workers.map((worker) => worker.kill()))
  await stack.stop()
  await receivers.stop()
})

async function insertLogs(): Promise<void> {
  for (const [index, tenant] of hostile.entries())
    await insertDeadLetters(stack, tenant, hostilities[index]?.log ?? { rows: 0, messageLength: 0 })
}

function beginHostilities(): void {
  for (const [index, tenant] of hostile.entries()) {
    const from = index * blackHolesPerSite
    const blackHoles = receivers.blackHoles.slice(from, from + blackHolesPerSite)
    const work = { calls: hostileCalls, receivers, blackHoles, over: over.signal }
    // A hostile site may be refused or disconnected.
    hostilities[index]?.begin(tenant, work).catch(() => {})
  }
}

const refusedPaths = (): string[] =>
  receivers.sharedPaths().filter((path) => path === '/throttled' || path === '/broken')

const call: TenantCalls['call'] = async (tenant, path, options) => {
  const response = await innocentCalls.call(tenant, path, options)
  if (response.status >= 400) refusals.push(`${response.status} ${path} ${response.text}`)
  return response
}

/** Number of responses by status. */
function tally(responses: readonly TenantResponse[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { status } of responses) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

type Work = (tenant: Tenant) => Promise<TenantResponse>

const ofAll = (work: Work): Promise<TenantResponse[]> => Promise.all(innocent.map(work))

/** A few at a time, so that the innocent sites do not wait for each other. */
async function ofAllInGroups(work: Work): Promise<TenantResponse[]> {
  const responses: TenantResponse[] = []
  for (let from = 0; from < innocent.length; from += groupSize)
    responses.push(...(await Promise.all(innocent.slice(from, from + groupSize).map(work))))
  return responses
}

const everyStatus200 = () => ({ 200: innocent.length })

describe('beside ten hostile sites, of ninety innocent ones', () => {
  test('every export to a healthy receiver is answered with the real outcome', async () => {
    const url = (tenant: Tenant): string => `${stack.receiver.url}hooks/${tenant.siteId}`
    const responses = await ofAll((tenant) => call(tenant, '/api/webhook', exportTo(tenant, url(tenant))))
    expect(tally(responses)).toEqual(everyStatus200())
  })

  test('every export to a host that refuses the requests of others is answered with the real outcome', async () => {
    const url = (tenant: Tenant): string => `${receivers.shared}of/${tenant.siteId}`
    const responses = await ofAll((tenant) => call(tenant, '/api/webhook', exportTo(tenant, url(tenant))))
    expect(tally(responses)).toEqual(everyStatus200())
  })

  test('no delivery waits for what a receiver responded to somebody else', async () => {
    const codes = await Promise.all(innocent.map(explainExport))
    const own = new Set(['finished', 'being_delivered', 'behind_others', 'not_queued'])
    expect([...new Set(codes.flat())].filter((code) => !own.has(code))).toEqual([])
  })

  test('every list and every count is answered', async () => {
    for (const path of ['/api/deliveries', '/api/deliveries/count', '/api/destinations']) {
      const responses = await ofAllInGroups((tenant) => call(tenant, siteQuery(tenant, path)))
      expect([path, tally(responses)]).toEqual([path, everyStatus200()])
    }
  })

  test('a download of the log begins at once and is complete', async () => {
    for (const tenant of innocent.slice(0, 5)) {
      const path = siteQuery(tenant, '/api/deliveries/export')
      const { status, text } = await call(tenant, path)
      expect([status, text.split('\r\n').length > 1]).toEqual([200, true])
    }
  })

  test('every live stream opens and reports what happens in its site', async () => {
    await Promise.all(innocent.slice(0, 30).map(expectLiveEvent))
  })

  test('no request is refused', () => {
    expect(refusals).toEqual([])
  })

  test('the shared host has refused requests for both reasons meanwhile', async () => {
    await waitUntil('both have arrived', () => new Set(refusedPaths()).size === 2, 20_000)
  })
})

test('one address with unfinished bodies has no request of another refused', async () => {
  const [attacker] = hostile
  if (!attacker) throw new Error('There is no hostile site.')
  const unfinished = Array.from({ length: inFlightMax + 50 }, () =>
    hostileCalls.openUnfinished(attacker, '/api/nothing-here'),
  )
  await waitUntil('the bodies have begun', () =>
    unfinished.every((one) => one.socket?.connecting === false || one.destroyed),
  )
  const responses = await ofAllInGroups((tenant) => call(tenant, siteQuery(tenant, '/api/deliveries')))
  expect(tally(responses)).toEqual(everyStatus200())
  for (const one of unfinished) one.destroy()
})

/** Exports to the shared host without waiting, and returns why the delivery waits. */
async function explainExport(tenant: Tenant): Promise<string[]> {
  const exported = await call(tenant, '/api/webhook', {
    ...exportTo(tenant, `${receivers.shared}of/${tenant.siteId}`),
    headers: { prefer: 'respond-async' },
  })
  const { status, body } = await call(
    tenant,
    `/api/deliveries/${String(exported.body['delivery_id'])}/explain`,
  )
  return status === 200 ? (body['reasons'] as { code: string }[]).map(({ code }) => code) : [`${status}`]
}

async function expectLiveEvent(tenant: Tenant): Promise<void> {
  const stream = await innocentCalls.open(tenant, siteQuery(tenant, '/api/stream'))
  if (stream.statusCode !== 200) refusals.push(`${stream.statusCode} /api/stream`)
  expect(stream.statusCode).toBe(200)
  let received = ''
  stream.on('data', (chunk) => void (received += String(chunk)))
  const options = { ...exportTo(tenant, stack.receiver.url), headers: { prefer: 'respond-async' } }
  const { body } = await call(tenant, '/api/webhook', options)
  await waitUntil('its delivery is reported', () => received.includes(String(body['delivery_id'])), 30_000)
  stream.destroy()
}
