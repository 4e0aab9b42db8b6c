import { rm, writeFile } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSender, type Sender, type SenderOptions } from '@ghostpost/infrastructure/outbound'
import { startDnsServer, type DnsServer } from '@ghostpost/test-kit/dns-server'
import { respond } from '@ghostpost/test-kit/receiver/reactions'
import { startReceiver, type Receiver } from '@ghostpost/test-kit/receiver/receiver'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'

let dns: DnsServer
let receiver: Receiver
let hostsFile: string
let resolverFile: string
const senders: Sender[] = []
const loopback = { network: '127.0.0.0', bits: 8, port: null }
const found = { addresses: ['127.0.0.1'], ttl: 30 }

beforeAll(async () => {
  receiver = await startReceiver()
})

afterAll(() => receiver.stop())

beforeEach(async () => {
  dns = await startDnsServer()
  receiver.always(respond(200))
  receiver.requests.length = 0
  hostsFile = join(tmpdir(), `hosts-${randomUUID()}`)
  resolverFile = join(tmpdir(), `resolv-${randomUUID()}`)
})

afterEach(async () => {
  await Promise.all(senders.splice(0).map((sender) => sender.close()))
  await dns.stop()
  await Promise.all([rm(hostsFile, { force: true }), rm(resolverFile, { force: true })])
})

function sender({ names, ...options }: Partial<SenderOptions> = {}): Sender {
  const opened = createSender({
    connectTimeoutMs: 5_000,
    responseTimeoutMs: 8_000,
    totalTimeoutMs: 8_000,
    policy: { allowed: [loopback] },
    names: { nameServers: [dns.address], hostsFile, resolverFile, ...names },
    ...options,
  })
  senders.push(opened)
  return opened
}

async function sendTo(from: Sender, host: string, siteId?: number) {
  const url = new URL(`http://${host}:${receiver.port}/`)
  return from.send({ url, headers: {}, body: '{}', signing: null, freshConnection: true, siteId })
}

const delivered = { outcome: { kind: 'answered', status: 200 } }

describe('names whose name servers do not respond', () => {
  test.each([
    ['of the same site', 1],
    ['of another site', 2],
  ])(
    '200 of them do not delay a healthy name %s',
    async (_of, siteId) => {
      dns.otherwise('hang')
      dns.set('healthy.acme.com', found)
      const sending = sender()
      const dead = Array.from({ length: 200 }, (_, n) => sendTo(sending, `dead${n}.acme.com`, 1))
      await waitUntil('every dead name was asked for', () => new Set(dns.queries).size === 200)
      const { outcome, durationMs } = await sendTo(sending, 'healthy.acme.com', siteId)
      expect(outcome).toMatchObject({ kind: 'answered', status: 200 })
      expect(durationMs).toBeLessThan(1_000)
      const outcomes = await Promise.all(dead)
      for (const one of outcomes)
        expect(one).toMatchObject({ outcome: { kind: 'name_not_resolved', code: 'ETIMEOUT' } })
    },
    20_000,
  )

  test('they fail as not resolved within the deadline of a look-up', async () => {
    dns.otherwise('hang')
    const { outcome, durationMs } = await sendTo(sender({ lookupTimeoutMs: 400 }), 'dead.acme.com')
    expect(outcome).toEqual({ kind: 'name_not_resolved', code: 'ETIMEOUT' })
    expect(durationMs).toBeLessThan(2_000)
  })

  test('look-ups of a site above its share wait and say nothing about their receivers', async () => {
    dns.otherwise('hang')
    dns.set('healthy.acme.com', found)
    const limits = { concurrency: 4, perHolder: 2, waitingPerHolder: 1, waitingMax: 10 }
    const sending = sender({ lookupTimeoutMs: 800, names: { lookupLimits: limits } })
    const first = ['a', 'b', 'c'].map((name) => sendTo(sending, `${name}.acme.com`, 1))
    await waitUntil('two names were asked for', () => new Set(dns.queries).size === 2)
    const excess = await sendTo(sending, 'd.acme.com', 1)
    expect(excess).toMatchObject({ outcome: { kind: 'lookup_not_started' } })
    expect(await sendTo(sending, 'healthy.acme.com', 2)).toMatchObject(delivered)
    expect((await Promise.all(first)).map(({ outcome }) => outcome.kind)).toEqual(
      Array(3).fill('name_not_resolved'),
    )
  })

  test('a look-up that ends before its start is not the fault of its name', async () => {
    dns.otherwise('hang')
    const limits = { concurrency: 1, waitingPerHolder: 9, waitingMax: 9 }
    const sending = sender({ connectTimeoutMs: 600, names: { lookupLimits: limits } })
    const first = sendTo(sending, 'a.acme.com', 1)
    const second = sendTo(sending, 'b.acme.com', 1)
    expect((await first).outcome).toEqual({ kind: 'name_not_resolved', code: 'ETIMEOUT' })
    expect((await second).outcome).toEqual({ kind: 'lookup_not_started' })
  })
})

describe('a look-up', () => {
  test('is shared by all who ask for its name, and its result is used as long as its TTL says', async () => {
    dns.set('leads.acme.com', { addresses: ['127.0.0.1'], ttl: 1 })
    const sending = sender()
    await Promise.all(Array.from({ length: 20 }, (_, n) => sendTo(sending, 'leads.acme.com', n)))
    await sendTo(sending, 'leads.acme.com')
    expect(dns.queries).toEqual(['leads.acme.com', 'leads.acme.com'])
    await waitUntil('the name is asked for again', async () => {
      await sendTo(sending, 'LEADS.acme.com')
      return dns.queries.length === 4
    })
  })

  test('of a name that does not exist is repeated soon', async () => {
    const sending = sender()
    expect(await sendTo(sending, 'new.acme.com')).toMatchObject({
      outcome: { kind: 'name_not_resolved', code: 'ENOTFOUND' },
    })
    dns.set('new.acme.com', found)
    await waitUntil('it is found', async () => {
      return (await sendTo(sending, 'new.acme.com')).outcome.kind === 'answered'
    })
  })

  test('that the name server cannot answer names its code', async () => {
    dns.set('broken.acme.com', 'servfail')
    expect(await sendTo(sender(), 'broken.acme.com')).toMatchObject({
      outcome: { kind: 'name_not_resolved', code: 'ESERVFAIL' },
    })
  })

  test('is refused if one of its addresses is forbidden', async () => {
    dns.set('mixed.acme.com', { addresses: ['127.0.0.1', '::1'], ttl: 60 })
    const before = receiver.connections()
    expect(await sendTo(sender(), 'mixed.acme.com')).toMatchObject({
      outcome: { kind: 'address_forbidden', reason: 'loopback' },
    })
    expect(receiver.connections()).toBe(before)
  })
})

describe('without a name server', () => {
  test('the hosts file is read, and again when it changes', async () => {
    await writeFile(hostsFile, '# ours\n127.0.0.1\tcrm.corp crm # the CRM\n')
    const sending = sender()
    expect(await sendTo(sending, 'crm')).toMatchObject(delivered)
    expect(await sendTo(sending, 'CRM.corp.')).toMatchObject(delivered)
    await writeFile(hostsFile, '127.0.0.1 erp.corp\n')
    await waitUntil('the new name is found', async () => {
      return (await sendTo(sending, 'erp.corp')).outcome.kind === 'answered'
    })
    expect(dns.queries).not.toContain('crm.corp')
  })

  test('names under localhost are this machine, whatever a name server says', async () => {
    dns.otherwise({ addresses: ['127.0.0.2'], ttl: 60 })
    const allowed = [
      { network: '127.0.0.1', bits: 32, port: null },
      { network: '::1', bits: 128, port: null },
    ]
    expect(await sendTo(sender({ policy: { allowed } }), 'crm.localhost')).toMatchObject(delivered)
    expect(dns.queries).toEqual([])
  })
})

describe('a name with few dots', () => {
  test.each([
    ['crm', ['crm.sales.cluster.local', 'crm.cluster.local', 'crm']],
    ['crm.sales', ['crm.sales.sales.cluster.local', 'crm.sales.cluster.local', 'crm.sales']],
    [
      'a.b.c.acme.com',
      ['a.b.c.acme.com', 'a.b.c.acme.com.sales.cluster.local', 'a.b.c.acme.com.cluster.local'],
    ],
    ['crm.sales.', ['crm.sales']],
  ])('%s is completed as resolv.conf says', async (name, tried) => {
    await writeFile(
      resolverFile,
      'nameserver 127.0.0.1\nsearch sales.cluster.local. cluster.local\noptions ndots:3\n',
    )
    dns.set(tried.at(-1) ?? '', found)
    expect(await sendTo(sender(), name)).toMatchObject(delivered)
    expect([...new Set(dns.queries)]).toEqual(tried)
  })

  test('is looked up as it is without a search list, as in Compose', async () => {
    dns.set('crm', found)
    expect(await sendTo(sender(), 'crm')).toMatchObject(delivered)
  })
})

test('a receiver that moves is reached at its new address although its connection was never idle', async () => {
  const moved = await startReceiver({ port: receiver.port, address: '127.0.0.3' })
  dns.set('moving.acme.com', { addresses: ['127.0.0.1'], ttl: 1 })
  const sending = sender({ connectionAgeMaxMs: 300 })
  const url = new URL(`http://moving.acme.com:${receiver.port}/`)
  const request = { url, headers: {}, body: '{}', signing: null, freshConnection: false }
  await waitUntil('a connection is used again', async () => {
    return (await sending.send(request)).trace?.timings.reusedConnection
  })
  dns.set('moving.acme.com', { addresses: ['127.0.0.3'], ttl: 1 })
  await waitUntil('a request arrives at the new address', async () => {
    await sending.send(request)
    return moved.requests.length > 0
  })
  await moved.stop()
})
