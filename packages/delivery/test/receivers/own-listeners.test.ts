import {
  judgeAddress,
  judgeProxiedUrl,
  judgeReceiverUrl,
  judgeResolvedAddress,
  parseAllowedAddresses,
  type AddressPolicy,
} from '@ghostpost/delivery/receivers'
import { describe, expect, test } from 'vitest'

const everything = parseAllowedAddresses('0.0.0.0/0 ::/0 0.0.0.0/0:6379')
const policy: AddressPolicy = {
  allowed: everything.ok ? everything.addresses : [],
  ownListeners: [
    { network: '10.0.0.4', bits: 32, port: 4080 },
    { network: '127.0.0.0', bits: 8, port: 4080 },
    { network: '2a00:1450::', bits: 64, port: 4080 },
    { name: 'redis', port: 6379 },
  ],
}
const ours = { allowed: false, reason: 'own_listener' }
const yes = { allowed: true }

describe('an own listener of the installation', () => {
  test.each(['10.0.0.4', '127.0.0.1', '127.9.9.9', '2a00:1450::1', '::ffff:10.0.0.4', '::ffff:7f00:1'])(
    'is refused by address, whatever addresses are allowed: %s',
    (address) => {
      expect(judgeAddress(address, 4080, policy)).toEqual(ours)
      expect(judgeAddress(address, 4081, policy)).toEqual(yes)
      expect(judgeResolvedAddress('hooks.acme.com', address, 4080, policy)).toEqual(ours)
    },
  )

  test.each([
    'http://10.0.0.4:4080/',
    'http://0x7f.1:4080/',
    'http://[::ffff:10.0.0.4]:4080/',
    'http://REDIS.:6379/',
  ])('is refused by URL, with and without a proxy: %s', (url) => {
    expect(judgeReceiverUrl(new URL(url), policy)).toEqual(ours)
    expect(judgeProxiedUrl(new URL(url), policy)).toEqual(ours)
  })

  test('does not affect other addresses, ports and names', () => {
    expect(judgeAddress('10.0.0.5', 4080, policy)).toEqual(yes)
    expect(judgeReceiverUrl(new URL('http://redis:8080/'), policy)).toEqual(yes)
    expect(judgeReceiverUrl(new URL('http://redis.acme.com:6379/'), policy)).toEqual(yes)
  })
})

describe('an allowed network without a port', () => {
  const listed = parseAllowedAddresses('10.0.0.0/8 10.0.0.7/32:5432')
  const network: AddressPolicy = { allowed: listed.ok ? listed.addresses : [] }

  test('does not allow forbidden ports', () => {
    expect(judgeAddress('10.1.2.3', 8080, network)).toEqual(yes)
    for (const port of [22, 25, 5432, 6379, 27017])
      expect(judgeAddress('10.1.2.3', port, network)).toEqual({ allowed: false, reason: 'port_forbidden' })
    expect(judgeAddress('10.0.0.7', 5432, network)).toEqual(yes)
  })

  test('allows no internal name with a forbidden port', () => {
    expect(judgeReceiverUrl(new URL('http://db:6379/'), network)).toEqual({
      allowed: false,
      reason: 'internal_name',
    })
    expect(judgeReceiverUrl(new URL('http://n8n:5678/'), network)).toEqual(yes)
  })
})
