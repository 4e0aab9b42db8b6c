import {
  judge,
  type AccessResult,
  type OutboundRequest,
  type Outcome,
  type ProxyFailureCode,
} from '@ghostpost/delivery/deliver'
import { destinationOf } from '@ghostpost/delivery/destinations'
import type { AllowedAddress } from '@ghostpost/delivery/receivers'
import { freePort } from '@ghostpost/local-services'
import {
  createAccessTokens,
  createSender,
  type Sender,
  type SenderOptions,
} from '@ghostpost/infrastructure/outbound'
import { startConnectProxy, type ConnectProxy, type ConnectReaction } from '@ghostpost/test-kit/connect-proxy'
import { respond, resetSocket } from '@ghostpost/test-kit/receiver/reactions'
import { startReceiver, testCertificateAuthority, type Receiver } from '@ghostpost/test-kit/receiver/receiver'
import { startSalesforceFake, type SalesforceFake } from '@ghostpost/test-kit/salesforce-fake/salesforce-fake'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { hostileUrls } from '../../../delivery/test/receivers/hostile-urls.ts'

let receiver: Receiver
let tls: Receiver
let proxy: ConnectProxy
const senders: Sender[] = []
const loopback: AllowedAddress = { network: '127.0.0.0', bits: 8, port: null }
const limits = { connectTimeoutMs: 1_500, responseTimeoutMs: 1_500, totalTimeoutMs: 2_000 }

beforeAll(async () => {
  receiver = await startReceiver()
  tls = await startReceiver({ certificate: 'public-name' })
})

afterAll(() => Promise.all([receiver.stop(), tls.stop()]))

beforeEach(async () => {
  proxy = await startConnectProxy()
  for (const one of [receiver, tls]) {
    one.always(respond(200))
    one.requests.length = 0
  }
})

afterEach(async () => {
  await Promise.all(senders.splice(0).map((sender) => sender.close()))
  await proxy.stop()
})

/** A sender whose own resolver fails, because the proxy must resolve the names. */
function sender(options: Partial<SenderOptions> = {}): Sender {
  const opened = createSender({
    ...limits,
    policy: { allowed: [] },
    ca: testCertificateAuthority(),
    resolve: () => Promise.reject(new Error('asked us')),
    proxy: new URL(proxy.url),
    ...options,
  })
  senders.push(opened)
  return opened
}

const to = (url: string, changes: Partial<OutboundRequest> = {}): OutboundRequest => ({
  url: new URL(url),
  headers: { 'content-type': 'application/json' },
  body: '{"a":1}',
  signing: null,
  freshConnection: false,
  ...changes,
})

const plain = (): OutboundRequest => to(`http://hooks.acme.com:${receiver.port}/in?a=1`)
const secure = (): OutboundRequest => to(`https://hooks.acme.com:${tls.port}/in?a=1`)

async function outcomeOf(request: OutboundRequest, options: Partial<SenderOptions> = {}): Promise<Outcome> {
  return (await sender(options).send(request)).outcome
}

const delivered = expect.objectContaining({ kind: 'answered', status: 200 }) as Outcome

describe('the proxy', () => {
  test.each([
    ['http', plain, () => receiver],
    ['https', secure, () => tls],
  ] as const)(
    'an %s receiver gets the request through a tunnel to its name',
    async (_scheme, request, at) => {
      const before = at().connections()
      expect(await outcomeOf(request())).toEqual(delivered)
      expect(proxy.tunnelRequests).toEqual([`hooks.acme.com:${at().port}`])
      expect(proxy.otherRequests()).toBe(0)
      expect(at().connections() - before).toBe(proxy.tunnels())
      expect(at().requests).toMatchObject([{ method: 'POST', path: '/in?a=1', body: '{"a":1}' }])
      expect(at().requests[0]?.headers).toMatchObject({ host: `hooks.acme.com:${at().port}` })
      expect(JSON.stringify(at().requests[0]?.rawHeaders)).not.toMatch(/proxy/i)
    },
  )

  test('an allowed literal address is reached', async () => {
    const policy = { allowed: [loopback] }
    expect(await outcomeOf(to(receiver.url), { policy })).toEqual(delivered)
    expect(proxy.tunnelRequests).toEqual([`127.0.0.1:${receiver.port}`])
  })

  test('the tunnel request has a public IPv6 address in brackets', async () => {
    expect(await outcomeOf(to(`http://[2606:4700::1111]:${receiver.port}/`))).toEqual(delivered)
    expect(proxy.tunnelRequests).toEqual([`[2606:4700::1111]:${receiver.port}`])
  })

  test('http and https receivers get their requests through a TLS proxy', async () => {
    await proxy.stop()
    proxy = await startConnectProxy({ tls: true, auth: 'ghost:post' })
    const proxyOptions = { proxy: withCredentials('ghost', 'post') }
    expect([await outcomeOf(secure(), proxyOptions), await outcomeOf(plain(), proxyOptions)]).toEqual([
      delivered,
      delivered,
    ])
  })

  test('a TLS proxy with an untrusted certificate gets no credentials', async () => {
    await proxy.stop()
    proxy = await startConnectProxy({ tls: true })
    const wrongName = new URL(proxy.url.replace('127.0.0.1', '127.0.0.2'))
    const outcome = await outcomeOf(plain(), { proxy: wrongName })
    expect(outcome).toEqual({ kind: 'proxy_failed', code: 'PROXY_UNREACHABLE' })
    expect(proxy.tunnelRequests).toEqual([])
  })

  test('requests share a tunnel', async () => {
    const shared = sender()
    for (let n = 0; n < 5; n += 1) expect((await shared.send(secure())).outcome).toEqual(delivered)
    expect(proxy.tunnels()).toBeLessThanOrEqual(2)
  })

  test('a request that must not be repeated has its own tunnel, which ends with it', async () => {
    const single = sender()
    for (let n = 0; n < 3; n += 1) {
      expect((await single.send({ ...secure(), freshConnection: true })).outcome).toEqual(delivered)
    }
    expect(proxy.tunnels()).toBe(3)
    await waitUntil('all tunnels are closed', () => proxy.connections() === 0)
  })

  test('a lost connection has the same outcome as without a proxy', async () => {
    receiver.always(resetSocket())
    expect(await outcomeOf(plain())).toMatchObject({ kind: 'connection_lost' })
  })
})

describe('TLS with the receiver', () => {
  test.each([
    ['another host’s', 'wrong-host', true, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['an untrusted', 'public-name', false, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ] as const)('%s certificate is refused', async (_name, certificate, trusted, code) => {
    const wrong = await startReceiver({ certificate })
    const ca = trusted ? testCertificateAuthority() : undefined
    const options: SenderOptions = { ...limits, policy: { allowed: [] }, proxy: new URL(proxy.url) }
    const opened = createSender({ ...options, ...(ca !== undefined && { ca }) })
    senders.push(opened)
    const { outcome } = await opened.send(to(`https://hooks.acme.com:${wrong.port}/`))
    expect(outcome).toEqual({ kind: 'tls_failed', code })
    expect(wrong.requests).toHaveLength(0)
    await waitUntil('the tunnel is closed', () => proxy.connections() === 0)
    await wrong.stop()
  })

  test('a receiver that never starts TLS is blamed, not the proxy', async () => {
    const mute = await startConnectProxy()
    const outcome = await outcomeOf(to(`https://hooks.acme.com:${mute.port}/`), { connectTimeoutMs: 400 })
    await mute.stop()
    expect(outcome.kind).toMatch(/^(tls_failed|connection_failed|timed_out)$/)
  })
})

describe('a proxy that opens no tunnel', () => {
  const bigHead = `HTTP/1.1 200 OK\r\n${'x-big: 1234567\r\n'.repeat(2_000)}\r\n`
  const cases: [string, ConnectReaction, string, string][] = [
    ['refuses the host', { kind: 'refuse', status: 403 }, 'PROXY_REFUSED', 'give_up egress_refused'],
    ['requires other credentials', { kind: 'refuse', status: 407 }, 'PROXY_AUTH_REQUIRED', ours()],
    ['cannot reach it (502)', { kind: 'refuse', status: 502 }, 'PROXY_STATUS_502', theirs()],
    ['cannot reach it (503)', { kind: 'refuse', status: 503 }, 'PROXY_STATUS_503', theirs()],
    ['cannot reach it (504)', { kind: 'refuse', status: 504 }, 'PROXY_STATUS_504', theirs()],
    ['fails itself', { kind: 'refuse', status: 500 }, 'PROXY_STATUS_500', ours()],
    ['redirects', { kind: 'refuse', status: 302 }, 'PROXY_STATUS_302', ours()],
    ['closes', { kind: 'say', text: '' }, 'PROXY_CLOSED', ours()],
    ['resets', { kind: 'reset' }, 'PROXY_CLOSED', ours()],
    ['sends nothing', { kind: 'silent' }, 'PROXY_TIMEOUT', ours()],
    ['sends its head too slowly', { kind: 'drip', text: bigHead, everyMs: 50 }, 'PROXY_TIMEOUT', ours()],
    ['does not speak HTTP', { kind: 'say', text: 'SSH-2.0-OpenSSH_9.2\r\n\r\n' }, 'PROXY_MALFORMED', ours()],
    ['ends within its head', { kind: 'say', text: 'HTTP/1.1 200 OK\r\n' }, 'PROXY_MALFORMED', ours()],
    ['sends no status', { kind: 'say', text: 'HTTP/1.1 OK\r\n\r\n' }, 'PROXY_MALFORMED', ours()],
    ['sends too long a head', { kind: 'say', text: bigHead }, 'PROXY_MALFORMED', ours()],
    ['forges the receiver’s response', { kind: 'say', text: forged() }, 'PROXY_MALFORMED', ours()],
  ]

  test.each(cases)(
    'a proxy that %s fails the attempt with its code',
    async (_name, reaction, code, verdict) => {
      const before = receiver.connections()
      proxy.always(reaction)
      const outcome = await outcomeOf(plain(), { connectTimeoutMs: 500 })
      expect(outcome).toEqual({ kind: 'proxy_failed', code })
      expect(verdictOn(outcome)).toBe(verdict)
      expect(receiver.connections()).toBe(before)
      await waitUntil('the connection to the proxy is closed', () => proxy.connections() === 0)
    },
  )

  test('a proxy at a closed port is unreachable', async () => {
    const nowhere = new URL(`http://127.0.0.1:${await freePort()}/`)
    const outcome = await outcomeOf(secure(), { proxy: nowhere })
    expect(outcome).toEqual({ kind: 'proxy_failed', code: 'PROXY_UNREACHABLE' })
    expect(verdictOn(outcome)).toBe(ours())
  })

  test('a proxy with an unknown name is unreachable', async () => {
    const outcome = await outcomeOf(secure(), { proxy: new URL('http://proxy.invalid:3128/') })
    expect(outcome).toEqual({ kind: 'proxy_failed', code: 'PROXY_UNREACHABLE' })
  })

  test('the proxy is blamed also if the request’s deadline is shorter than the connect timeout', async () => {
    proxy.always({ kind: 'silent' })
    const outcome = await outcomeOf({ ...secure(), withinMs: 200 })
    expect(outcome).toEqual({ kind: 'proxy_failed', code: 'PROXY_TIMEOUT' })
  })

  test('the proxy’s 502 reports a receiver at a closed port', async () => {
    const outcome = await outcomeOf(to(`http://hooks.acme.com:${await freePort()}/`))
    expect(outcome).toEqual({ kind: 'proxy_failed', code: 'PROXY_STATUS_502' })
  })

  test('a failed tunnel does not delay later requests', async () => {
    const shared = sender()
    proxy.always({ kind: 'reset' })
    await shared.send(secure())
    proxy.always({ kind: 'open' })
    expect((await shared.send(secure())).outcome).toEqual(delivered)
  })

  test('the proxy is blamed also if many requests wait for it', async () => {
    const shared = sender({ connectTimeoutMs: 500 })
    proxy.always({ kind: 'silent' })
    const sent = await Promise.all(Array.from({ length: 20 }, () => shared.send(secure())))
    expect(new Set(sent.map(({ outcome }) => JSON.stringify(outcome)))).toEqual(
      new Set(['{"kind":"proxy_failed","code":"PROXY_TIMEOUT"}']),
    )
  })
})

describe('credentials', () => {
  const [user, password] = ['ghost@acme', 'planted:p%ss/wörd']

  test('the proxy gets the credentials it requires', async () => {
    await proxy.stop()
    proxy = await startConnectProxy({ auth: `${user}:${password}` })
    expect(await outcomeOf(secure(), { proxy: withCredentials(user, password) })).toEqual(delivered)
    expect(await outcomeOf(secure())).toEqual({ kind: 'proxy_failed', code: 'PROXY_AUTH_REQUIRED' })
  })

  test('credentials appear in no outcome and reach no receiver', async () => {
    const proxyOptions = { proxy: withCredentials(user, password), connectTimeoutMs: 300 }
    const secrets = ['planted', Buffer.from(`${user}:${password}`).toString('base64'), String(proxy.port)]
    const reactions: ConnectReaction[] = [
      { kind: 'refuse', status: 407 },
      { kind: 'refuse', status: 403 },
      { kind: 'reset' },
      { kind: 'silent' },
      { kind: 'say', text: 'planted' },
    ]
    for (const reaction of reactions) {
      proxy.always(reaction)
      const outcome = await outcomeOf(plain(), proxyOptions)
      const recorded = JSON.stringify([outcome, judged(outcome)])
      for (const secret of secrets) expect(recorded).not.toContain(secret)
    }
    proxy.always({ kind: 'open' })
    expect(await outcomeOf(plain(), proxyOptions)).toEqual(delivered)
    expect(JSON.stringify(receiver.requests)).not.toContain('planted')
    expect(JSON.stringify(receiver.requests[0]?.headers)).not.toContain('authorization')
  })
})

describe('the address policy before the proxy', () => {
  test('every URL of the corpus is refused without asking the proxy', async () => {
    const guarded = sender()
    for (const text of hostileUrls) {
      const { outcome } = await guarded.send(to(text))
      expect(`${text} ${outcome.kind}`).toBe(`${text} address_forbidden`)
    }
    expect(proxy.connections()).toBe(0)
    expect(proxy.tunnelRequests).toEqual([])
  })

  // Without a proxy, an allowed network lets such names pass to the check of their addresses.
  test.each(['http://localhost/', 'http://n8n/', 'http://hooks.internal/', 'http://search.acme.com:9200/'])(
    '%s is refused even with allowed addresses',
    async (url) => {
      const outcome = await outcomeOf(to(url), { policy: { allowed: [loopback] } })
      expect(outcome).toMatchObject({ kind: 'address_forbidden' })
      expect(proxy.tunnelRequests).toEqual([])
    },
  )

  test('the policy does not apply to the proxy’s own address', async () => {
    expect(await outcomeOf(plain(), { policy: { allowed: [] } })).toEqual(delivered)
  })
})

describe('an access token', () => {
  let salesforce: SalesforceFake

  beforeEach(async () => {
    salesforce = await startSalesforceFake()
  })

  afterEach(() => salesforce.stop())

  function ask(): Promise<AccessResult> {
    const { send } = sender({ policy: { allowed: [loopback] }, connectTimeoutMs: 300 })
    return createAccessTokens(
      send,
      'Ghostpost/test',
    )({
      destinationId: 'd-1',
      credentials: {
        kind: 'client_credentials',
        client_id: salesforce.app.clientId,
        client_secret: salesforce.app.clientSecret,
      },
      webhookUrl: new URL(salesforce.url),
      refusedToken: null,
      withinMs: 2_000,
    })
  }

  test('the access token is fetched through the proxy', async () => {
    expect(await ask()).toMatchObject({ kind: 'granted' })
    expect(proxy.tunnelRequests).toEqual([`127.0.0.1:${salesforce.receiver.port}`])
    expect(salesforce.receiver.connections()).toBe(proxy.tunnels())
  })

  test.each<[ConnectReaction, ProxyFailureCode]>([
    [{ kind: 'refuse', status: 403 }, 'PROXY_REFUSED'],
    [{ kind: 'refuse', status: 502 }, 'PROXY_STATUS_502'],
    [{ kind: 'reset' }, 'PROXY_CLOSED'],
    [{ kind: 'silent' }, 'PROXY_TIMEOUT'],
  ])('a proxy that reacts with %j is blamed, not the token endpoint', async (reaction, code) => {
    proxy.always(reaction)
    expect(await ask()).toEqual({ kind: 'failed', failure: { kind: 'proxy_failed', code } })
    expect(salesforce.receiver.requests).toEqual([])
  })
})

test('closing does not wait for the proxy', async () => {
  proxy.always({ kind: 'silent' })
  const closing = sender()
  const sending = closing.send(plain())
  await waitUntil('the proxy gets the tunnel request', () => proxy.tunnelRequests.length === 1)
  await closing.close()
  expect((await sending).outcome.kind).toMatch(/^(connection_failed|proxy_failed)$/)
})

function withCredentials(user: string, password: string): URL {
  const url = new URL(proxy.url)
  url.username = encodeURIComponent(user)
  url.password = encodeURIComponent(password)
  return url
}

function judged(outcome: Outcome): ReturnType<typeof judge> {
  return judge(outcome, destinationOf('slack'), { repeatUnknownOutcomes: false, now: new Date() })
}

function verdictOn(outcome: Outcome): string {
  const verdict = judged(outcome)
  return verdict.decision === 'delivered' ? 'delivered' : `${verdict.decision} ${verdict.failure.cause}`
}

function ours(): string {
  return 'retry egress_proxy_unavailable'
}

function theirs(): string {
  return 'retry egress_host_unreachable'
}

/** An opened tunnel, followed by a forged response of the receiver. */
function forged(): string {
  return 'HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'
}
