import {
  judgeReceiverUrl,
  judgeResolvedAddress,
  parseAllowedAddresses,
  type AddressPolicy,
} from '@ghostpost/delivery/receivers'
import { describe, expect, test } from 'vitest'

const strict: AddressPolicy = { allowed: [] }
const yes = { allowed: true }
const internal = { allowed: false, reason: 'internal_name' }

function allowing(text: string): AddressPolicy {
  const parsed = parseAllowedAddresses(text)
  if (!parsed.ok) throw new Error(parsed.problem)
  return { allowed: parsed.addresses }
}

const internalNames = ['localhost', 'n8n', 'printer.local', 'db.internal', 'LOCALHOST.', 'nas.home.arpa..']

describe('an internal name', () => {
  test.each(internalNames)('is refused before it is resolved: %s', (name) => {
    expect(judgeReceiverUrl(new URL(`http://${name}:8080/`), strict)).toEqual(internal)
  })

  test.each(internalNames)(
    'is decided by its addresses if addresses with its port are allowed: %s',
    (name) => {
      const policy = allowing('10.0.0.0/8:8080')
      expect(judgeReceiverUrl(new URL(`http://${name}:8080/`), policy)).toEqual(yes)
      expect(judgeReceiverUrl(new URL(`http://${name}:8081/`), policy)).toEqual(internal)
    },
  )

  test.each(internalNames)(
    'may resolve to allowed addresses and to no others, not even public ones: %s',
    (name) => {
      const policy = allowing('10.0.0.0/8:8080')
      expect(judgeResolvedAddress(name, '10.1.2.3', 8080, policy)).toEqual(yes)
      expect(judgeResolvedAddress(name, '10.1.2.3', 8081, policy)).toEqual({
        allowed: false,
        reason: 'private_network',
      })
      expect(judgeResolvedAddress(name, '169.254.169.254', 8080, policy)).toEqual({
        allowed: false,
        reason: 'cloud_metadata',
      })
      expect(judgeResolvedAddress(name, '8.8.8.8', 8080, policy)).toEqual(internal)
    },
  )
})

describe('a public name', () => {
  test('may resolve to public and to allowed addresses', () => {
    const policy = allowing('10.0.0.0/8')
    expect(judgeResolvedAddress('hooks.acme.com', '8.8.8.8', 443, policy)).toEqual(yes)
    expect(judgeResolvedAddress('hooks.acme.com', '10.1.2.3', 443, policy)).toEqual(yes)
    expect(judgeResolvedAddress('hooks.acme.com', '192.168.1.1', 443, policy).allowed).toBe(false)
  })

  test('may have a forbidden port only at an allowed address', () => {
    const policy = allowing('10.0.0.0/8:9200')
    const url = new URL('http://search.acme.com:9200/')
    expect(judgeReceiverUrl(url, strict)).toEqual({ allowed: false, reason: 'port_forbidden' })
    expect(judgeReceiverUrl(url, policy)).toEqual(yes)
    expect(judgeResolvedAddress('search.acme.com', '10.1.2.3', 9200, policy)).toEqual(yes)
    expect(judgeResolvedAddress('search.acme.com', '8.8.8.8', 9200, policy)).toEqual({
      allowed: false,
      reason: 'port_forbidden',
    })
  })
})
