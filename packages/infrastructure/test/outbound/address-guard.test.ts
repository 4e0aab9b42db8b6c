import { createSender, type ResolveHost, type Sender } from '@ghostpost/infrastructure'
import { startReceiver, type Receiver } from '@ghostpost/test-kit'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { hostileAnswers, hostileUrls } from '../../../delivery/test/hostile-urls.ts'

let receiver: Receiver
const senders: Sender[] = []

beforeAll(async () => {
  receiver = await startReceiver()
})

afterAll(() => receiver.stop())

afterEach(async () => {
  await Promise.all(senders.splice(0).map((sender) => sender.close()))
})

function sender(
  resolve?: ResolveHost,
  allowed: { network: string; bits: number; port: number | null }[] = [],
): Sender {
  const limits = { connectTimeoutMs: 300, answerTimeoutMs: 300, totalTimeoutMs: 300 }
  const opened = createSender({ ...limits, policy: { allowed }, ...(resolve && { resolve }) })
  senders.push(opened)
  return opened
}

const to = (url: string) => ({
  url: new URL(url),
  headers: {},
  body: '{}',
  signing: null,
  freshConnection: false,
})

/** Those entries are refused for their port, whatever the name. */
function isAboutPorts({ hostname }: URL): boolean {
  return hostname === 'hooks.example.com'
}

function resolvingTo(...addresses: string[]): ResolveHost {
  return () =>
    Promise.resolve(addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })))
}

// The listener counts: what matters is not what the sender says but whether anything connected.
describe('no connection reaches a forbidden listener', () => {
  test('by any URL of the corpus', async () => {
    const guarded = sender()
    for (const text of hostileUrls) {
      const url = new URL(text)
      if (!isAboutPorts(url)) url.port = String(receiver.port)
      const { outcome } = await guarded.send({ ...to(text), url })
      expect(`${text} ${outcome.kind}`).toBe(`${text} address_forbidden`)
    }
    expect(receiver.connections()).toBe(0)
  })

  test('by any resolver’s answer of the corpus', async () => {
    for (const addresses of hostileAnswers) {
      const { outcome } = await sender(resolvingTo(...addresses)).send(
        to(`http://harmless.example.com:${receiver.port}/`),
      )
      expect(`${addresses.join()} ${outcome.kind}`).toBe(`${addresses.join()} address_forbidden`)
    }
    expect(receiver.connections()).toBe(0)
  })

  test('by a name that changes its address between check and connection', async () => {
    let asked = 0
    const rebinding: ResolveHost = () => {
      asked += 1
      return Promise.resolve([{ address: asked === 1 ? '192.0.2.1' : '127.0.0.1', family: 4 }])
    }
    const guarded = sender(rebinding)
    for (let n = 0; n < 3; n += 1) await guarded.send(to(`http://rebind.example.com:${receiver.port}/`))
    expect(asked).toBe(3)
    expect(receiver.connections()).toBe(0)
  })

  test('by another port than the one allowed', async () => {
    const guarded = sender(undefined, [
      { network: '127.0.0.1', bits: 32, port: receiver.port === 9_999 ? 9_998 : 9_999 },
    ])
    expect((await guarded.send(to(receiver.url))).outcome).toEqual({
      kind: 'address_forbidden',
      reason: 'loopback',
    })
    expect(receiver.connections()).toBe(0)
  })
})

test('what was checked is what is connected to: the name is resolved once per connection', async () => {
  let asked = 0
  const resolve: ResolveHost = () => {
    asked += 1
    return Promise.resolve([{ address: '127.0.0.1', family: 4 }])
  }
  const guarded = sender(resolve, [{ network: '127.0.0.1', bits: 32, port: receiver.port }])
  const { outcome } = await guarded.send(to(`http://allowed.example.com:${receiver.port}/`))
  expect(outcome).toMatchObject({ kind: 'answered', status: 200 })
  expect(asked).toBe(1)
})
