import { once } from 'node:events'
import { createServer } from 'node:http'
import { isIP, type AddressInfo, type Server } from 'node:net'
import type { AllowedAddress } from '@ghostpost/delivery/receivers'
import { createSender, type ResolveHost, type Sender } from '@ghostpost/infrastructure/outbound'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { hostileDnsAnswers, hostileUrls } from '../../../delivery/test/receivers/hostile-urls.ts'

// One listener at every address of this machine, IPv4 and IPv6. It accepts every connection that a hostile URL or
// resolver causes, and records the local address of each.
let listener: Server
let port: number
const reached: string[] = []
const senders: Sender[] = []

beforeAll(async () => {
  listener = createServer((_request, response) => void response.end('reached')).on('connection', (socket) => {
    reached.push((socket.localAddress ?? '').replace(/^::ffff:/, ''))
  })
  listener.listen(0, '::')
  await once(listener, 'listening')
  port = (listener.address() as AddressInfo).port
})

afterAll(() => new Promise((resolve) => listener.close(resolve)))

beforeEach(() => {
  reached.length = 0
})

afterEach(async () => {
  await Promise.all(senders.splice(0).map((sender) => sender.close()))
})

const nobody: readonly AllowedAddress[] = []
const loopbackOnly = (): AllowedAddress[] => [{ network: '127.0.0.1', bits: 32, port }]

function sender(allowed: readonly AllowedAddress[], resolve?: ResolveHost): Sender {
  const limits = { connectTimeoutMs: 1_500, responseTimeoutMs: 1_500, totalTimeoutMs: 1_500 }
  const opened = createSender({ ...limits, policy: { allowed }, ...(resolve && { resolve }) })
  senders.push(opened)
  return opened
}

const to = (url: URL | string, freshConnection = false) => ({
  url: new URL(url),
  headers: {},
  body: '{}',
  signing: null,
  freshConnection,
})

/** A URL of the corpus with the listener's port, unless the URL tests a port. */
function towardsListener(text: string): URL {
  const url = new URL(text)
  if (url.hostname !== 'hooks.example.com') url.port = String(port)
  return url
}

function resolvingTo(...addresses: string[]): ResolveHost {
  return () => Promise.resolve(addresses.map((address) => ({ address, family: isIP(address) })))
}

test('the listener accepts connections to every loopback address', async () => {
  const allowed = [...loopbackOnly(), { network: '::1', bits: 128, port }]
  for (const host of ['127.0.0.1', '[::1]']) await sender(allowed).send(to(`http://${host}:${port}/`))
  expect(reached).toEqual(['127.0.0.1', '::1'])
})

describe('forbidden addresses', () => {
  test('no URL of the corpus causes a connection', async () => {
    expect(hostileUrls.length).toBeGreaterThanOrEqual(250)
    const guarded = sender(nobody)
    for (const text of hostileUrls) {
      const { outcome } = await guarded.send(to(towardsListener(text)))
      expect(`${text} ${outcome.kind}`).toBe(`${text} address_forbidden`)
    }
    expect(reached).toEqual([])
  })

  test('no DNS result of the corpus causes a connection', async () => {
    for (const addresses of hostileDnsAnswers) {
      const { outcome } = await sender(nobody, resolvingTo(...addresses)).send(
        to(`http://harmless.acme.com:${port}/`),
      )
      expect(`${addresses.join()} ${outcome.kind}`).toBe(`${addresses.join()} address_forbidden`)
    }
    expect(reached).toEqual([])
  })

  // One forbidden address makes the whole name untrusted, so the allowed address gets no connection either.
  test('a DNS result that mixes a forbidden and an allowed address causes no connection, in either order', async () => {
    const fine = new Set(['127.0.0.1', '93.184.215.14'])
    const forbidden = hostileDnsAnswers.map(([first = '']) => first).filter((one) => !fine.has(one))
    let asked = 0
    for (const one of new Set(forbidden)) {
      for (const addresses of [
        ['127.0.0.1', one],
        [one, '127.0.0.1'],
      ]) {
        const guarded = sender(loopbackOnly(), resolvingTo(...addresses))
        const { outcome } = await guarded.send(to(`http://mixed.acme.com:${port}/`))
        expect(`${addresses.join()} ${outcome.kind}`).toBe(`${addresses.join()} address_forbidden`)
        asked += 1
      }
    }
    expect(asked).toBeGreaterThan(150)
    expect(reached).toEqual([])
  })

  test('an allowed address at another port gets no connection', async () => {
    const allowed = [{ network: '127.0.0.1', bits: 32, port: port === 9_999 ? 9_998 : 9_999 }]
    const { outcome } = await sender(allowed).send(to(`http://127.0.0.1:${port}/`))
    expect(outcome).toEqual({ kind: 'address_forbidden', reason: 'loopback' })
    expect(reached).toEqual([])
  })

  test('the installation’s own listener gets no connection even if its address is allowed', async () => {
    const own = [{ network: '127.0.0.0', bits: 8, port }]
    const opened = createSender({
      connectTimeoutMs: 500,
      responseTimeoutMs: 500,
      totalTimeoutMs: 500,
      policy: { allowed: loopbackOnly(), ownListeners: own },
      resolve: resolvingTo('127.0.0.1'),
    })
    senders.push(opened)
    for (const host of ['127.0.0.1', '2130706433', 'hooks.acme.com'])
      expect((await opened.send(to(`http://${host}:${port}/`))).outcome).toEqual({
        kind: 'address_forbidden',
        reason: 'own_listener',
      })
    expect(reached).toEqual([])
  })
})

describe('a name that changes its address', () => {
  /** A resolver whose first result is allowed and whose later results are forbidden. */
  function rebinding(): { resolve: ResolveHost; asked: () => number } {
    let asked = 0
    const resolve: ResolveHost = () => {
      asked += 1
      return resolvingTo(asked === 1 ? '127.0.0.1' : '::1')('')
    }
    return { resolve, asked: () => asked }
  }

  test('a name is resolved once, and the connection uses the checked address', async () => {
    const { resolve, asked } = rebinding()
    const { outcome } = await sender(loopbackOnly(), resolve).send(to(`http://rebind.acme.com:${port}/`))
    expect(outcome).toMatchObject({ kind: 'answered', status: 200, body: 'reached' })
    expect(asked()).toBe(1)
    expect(reached).toEqual(['127.0.0.1'])
  })

  test('every new connection checks the address again', async () => {
    const { resolve, asked } = rebinding()
    const guarded = sender(loopbackOnly(), resolve)
    const outcomes = []
    for (let n = 0; n < 3; n += 1)
      outcomes.push((await guarded.send(to(`http://rebind.acme.com:${port}/`, true))).outcome)
    expect(outcomes).toMatchObject([
      { kind: 'answered' },
      { kind: 'address_forbidden', reason: 'loopback' },
      { kind: 'address_forbidden', reason: 'loopback' },
    ])
    expect(asked()).toBe(3)
    expect(reached).toEqual(['127.0.0.1'])
  })
})
