import { judgeAddress, parseAllowedAddresses, type AddressPolicy } from '@ghostpost/delivery/receivers'
import { describe, expect, test } from 'vitest'
import { parseAddress } from '../../src/receivers/parse-address.ts'
import { embeddedIpv4 } from '../../src/receivers/embedded-ipv4.ts'

/** Each kind of embedding with the network that an administrator would allow, and three embedded IPv4 addresses. */
const embeddings = [
  ['IPv4-mapped', '::ffff:0:0/96', '::ffff:10.1.2.3', '::ffff:169.254.169.254', '::ffff:8.8.8.8'],
  ['IPv4-translated', '::ffff:0:0:0/96', '::ffff:0:a01:203', '::ffff:0:a9fe:a9fe', '::ffff:0:808:808'],
  ['NAT64', '64:ff9b::/96', '64:ff9b::a01:203', '64:ff9b::a9fe:a9fe', '64:ff9b::808:808'],
  ['6to4', '2002::/16', '2002:a01:203::1', '2002:a9fe:a9fe:7::1', '2002:808:808::'],
  ['Teredo', '2001::/32', '2001:0:5ef5:79fb:0:59b:f5fe:fdfc', '2001::5601:5601', '2001::f7f7:f7f7'],
  ['IPv4-compatible', '::/96', '::a01:203', '::a9fe:a9fe', '::808:808'],
] as const

function allowing(text: string): AddressPolicy {
  const parsed = parseAllowedAddresses(text)
  if (!parsed.ok) throw new Error(parsed.problem)
  return { allowed: parsed.addresses }
}

function embeddedIn(address: string): string | undefined {
  const ip = parseAddress(address)
  return ip === null ? undefined : embeddedIpv4(ip)?.toString()
}

describe.each(embeddings)('%s', (_kind, network, internal, metadata, open) => {
  test('contains an IPv4 address', () => {
    expect([internal, metadata, open].map(embeddedIn)).toEqual(['10.1.2.3', '169.254.169.254', '8.8.8.8'])
  })

  test('is refused unless it is allowed, whatever IPv4 address it contains', () => {
    for (const address of [internal, metadata, open])
      expect(judgeAddress(address, 443, allowing('10.0.0.0/8'))).toEqual({
        allowed: false,
        reason: 'ipv6_transition',
      })
  })

  test('is allowed with a public IPv4 address only, if its network is allowed', () => {
    const policy = allowing(network)
    expect(judgeAddress(open, 443, policy)).toEqual({ allowed: true })
    expect(judgeAddress(internal, 443, policy)).toEqual({ allowed: false, reason: 'private_network' })
    expect(judgeAddress(metadata, 443, policy)).toEqual({ allowed: false, reason: 'cloud_metadata' })
  })

  test('is allowed with another IPv4 address if that address and port are allowed, too', () => {
    const policy = allowing(`${network} 10.1.2.3/32:8080`)
    expect(judgeAddress(internal, 8080, policy)).toEqual({ allowed: true })
    expect(judgeAddress(internal, 8081, policy)).toEqual({ allowed: false, reason: 'private_network' })
  })

  test('is refused with a forbidden port or an own listener', () => {
    const ownListeners = [{ network: '10.0.0.0', bits: 8, port: 4080 }]
    const policy = { ...allowing(`${network} 0.0.0.0/0`), ownListeners }
    expect(judgeAddress(open, 6379, policy)).toEqual({ allowed: false, reason: 'port_forbidden' })
    expect(judgeAddress(internal, 4080, policy)).toEqual({ allowed: false, reason: 'own_listener' })
    expect(judgeAddress(internal, 4081, policy)).toEqual({ allowed: true })
  })
})

test.each([
  '::',
  '::1',
  '8.8.8.8',
  'fd00::1',
  '2001:1::1',
  '2003::1',
  '2a00:1450::a01:203',
  '64:ff9b:1::a01:203',
])('%s contains no IPv4 address', (address) => {
  expect(embeddedIn(address)).toBeUndefined()
})

test('loopback can be allowed', () => {
  expect(judgeAddress('::1', 8080, allowing('[::1]:8080'))).toEqual({ allowed: true })
})

test('an own listener at an address with an embedded IPv4 address is refused', () => {
  const ownListeners = [{ network: '2002:808:808::', bits: 48, port: 4080 }]
  const policy = { ...allowing('2002::/16'), ownListeners }
  expect(judgeAddress('2002:808:808::1', 4080, policy)).toEqual({ allowed: false, reason: 'own_listener' })
})
