import {
  judgeAddress,
  judgeProxiedUrl,
  judgeReceiverUrl,
  parseAllowedAddresses,
  type AddressPolicy,
} from '@ghostpost/delivery/receivers'
import ipaddr from 'ipaddr.js'
import { describe, expect, test } from 'vitest'
import { hostileDnsAnswers, hostileUrls } from './hostile-urls.ts'

const strict: AddressPolicy = { allowed: [] }

function allowing(text: string): AddressPolicy {
  const parsed = parseAllowedAddresses(text)
  if (!parsed.ok) throw new Error(parsed.problem)
  return { allowed: parsed.addresses }
}

describe('the corpus of hostile addresses', () => {
  test('has at least 250 entries', () => {
    expect(hostileUrls.length + hostileDnsAnswers.length).toBeGreaterThanOrEqual(250)
  })

  test.each(hostileUrls)('refuses %s', (url) => {
    expect(judgeReceiverUrl(new URL(url), strict)).toMatchObject({ allowed: false })
  })

  test.each(hostileDnsAnswers)('refuses a name that resolves to %s', (...addresses) => {
    const verdicts = addresses.map((address) => judgeAddress(address, 443, strict))
    expect(verdicts.some(({ allowed }) => !allowed)).toBe(true)
  })
})

describe('an address', () => {
  test.each([
    ['8.8.8.8'], ['1.1.1.1'], ['93.184.215.14'], ['9.255.255.255'], ['11.0.0.0'], ['100.63.255.255'], ['100.128.0.0'],
    ['126.255.255.255'], ['128.0.0.0'], ['169.253.255.255'], ['169.255.0.0'], ['172.15.255.255'], ['172.32.0.0'],
    ['192.167.255.255'], ['192.169.0.0'], ['198.17.255.255'], ['198.20.0.0'], ['223.255.255.255'], ['168.63.129.15'],
    ['2606:4700:4700::1111'], ['2001:4860:4860::8888'], ['2a00:1450:4001:82f::200e'], ['2000::1'], ['3ffe::1'],
  ])('that is public is allowed: %s', (address) => {
    expect(judgeAddress(address, 443, strict)).toEqual({ allowed: true })
  }) // prettier-ignore

  test.each([
    ['0.0.0.0', 'unspecified'],
    ['10.1.2.3', 'private_network'],
    ['100.64.0.1', 'carrier_grade_nat'],
    ['127.0.0.1', 'loopback'],
    ['169.254.1.1', 'link_local'],
    ['169.254.169.254', 'cloud_metadata'],
    ['168.63.129.16', 'cloud_metadata'],
    ['192.0.2.1', 'documentation'],
    ['198.18.0.1', 'benchmarking'],
    ['224.0.0.1', 'multicast'],
    ['255.255.255.255', 'reserved'],
    ['::1', 'loopback'],
    ['::', 'unspecified'],
    ['::ffff:8.8.8.8', 'ipv6_transition'],
    ['64:ff9b::808:808', 'ipv6_transition'],
    ['2002:808:808::1', 'ipv6_transition'],
    ['2001::1', 'ipv6_transition'],
    ['fd00:ec2::254', 'cloud_metadata'],
    ['fd00::1', 'private_network'],
    ['fe80::1', 'link_local'],
    ['ff02::1', 'multicast'],
    ['2001:db8::1', 'documentation'],
    ['4000::1', 'not_global'],
    ['example.com', 'not_an_address'],
    ['127.1', 'not_an_address'],
    ['fe80::1%eth0', 'not_an_address'],
  ])('%s is refused: %s', (address, reason) => {
    expect(judgeAddress(address, 443, strict)).toEqual({ allowed: false, reason })
  })

  test.each([22, 25, 6379, 5432, 0, -1, 65_536, 1.5, Number.NaN])('is refused on port %d', (port) => {
    expect(judgeAddress('8.8.8.8', port, strict)).toEqual({ allowed: false, reason: 'port_forbidden' })
  })
})

describe('the allow-list', () => {
  test('allows exactly the addresses and ports of its entries', () => {
    const policy = allowing('10.1.0.0/16 127.0.0.1/32:8080 [fd00::]/8:9000 192.168.7.7')
    expect(judgeAddress('10.1.255.1', 443, policy).allowed).toBe(true)
    expect(judgeAddress('10.2.0.1', 443, policy).allowed).toBe(false)
    expect(judgeAddress('127.0.0.1', 8080, policy).allowed).toBe(true)
    expect(judgeAddress('127.0.0.1', 8081, policy).allowed).toBe(false)
    expect(judgeAddress('127.0.0.2', 8080, policy).allowed).toBe(false)
    expect(judgeAddress('fd12::1', 9000, policy).allowed).toBe(true)
    expect(judgeAddress('fd12::1', 443, policy).allowed).toBe(false)
    expect(judgeAddress('192.168.7.7', 443, policy).allowed).toBe(true)
    expect(judgeAddress('::ffff:10.1.0.1', 443, policy).allowed).toBe(false)
  })

  test('allows localhost on the ports of its entries, so that its addresses decide', () => {
    expect(judgeReceiverUrl(new URL('http://localhost:8080/'), allowing('127.0.0.1/32:8080')).allowed).toBe(
      true,
    )
    expect(judgeReceiverUrl(new URL('http://localhost:9090/'), allowing('127.0.0.1/32:8080')).allowed).toBe(
      false,
    )
  })

  test.each([
    'banana',
    '10.0.0.0/33',
    '10.0.0/8',
    '127.0.0.1:0',
    '127.0.0.1:70000',
    '[::1',
    '10.0.0.1/8/8',
    '0x7f.1',
    '010.0.0.0/8',
    'fd00::/129',
    'fd00::/',
    'fd00::/8/8',
    'fd00::/0x10',
    'fd00::/8:9000',
    'fe80::1%eth0',
    '10.0.0.0/8,127.0.0.1',
    'localhost:8080',
  ])('refuses the entry %s', (entry) => {
    expect(parseAllowedAddresses(`10.0.0.0/8 ${entry}`)).toEqual({
      ok: false,
      problem: expect.stringContaining(entry),
    })
  })

  test('may be empty', () => {
    expect(parseAllowedAddresses('  ')).toEqual({ ok: true, addresses: [] })
  })
})

describe('a URL whose name a proxy resolves', () => {
  const everything = allowing('0.0.0.0/0 ::/0')

  test.each(hostileUrls)('is refused if it is %s', (url) => {
    expect(judgeProxiedUrl(new URL(url), strict)).toMatchObject({ allowed: false })
  })

  test.each(['http://localhost/', 'http://n8n/', 'http://hooks.internal/', 'http://search.acme.com:9200/'])(
    'is refused if it is %s, whatever addresses are allowed, because its addresses are unknown',
    (url) => {
      expect(judgeProxiedUrl(new URL(url), everything)).toMatchObject({ allowed: false })
    },
  )

  test('may be an allowed literal address or any public name', () => {
    expect(judgeProxiedUrl(new URL('http://10.1.2.3:8080/'), allowing('10.1.2.3/32:8080'))).toEqual({
      allowed: true,
    })
    expect(judgeProxiedUrl(new URL('https://example.com/'), strict)).toEqual({ allowed: true })
  })
})

test('a public name is decided by its addresses', () => {
  for (const url of ['https://example.com/', 'https://sub.example.org:8443/x', 'http://xn--mnchen-3ya.de/']) {
    expect(judgeReceiverUrl(new URL(url), strict)).toEqual({ allowed: true })
  }
})

/** A fast generator with a fixed seed, so that every run tests the same addresses. */
function* generatedNumbers(seed: number): Generator<number> {
  let state = seed
  for (;;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    yield state
  }
}

const generatedMax = 40_000

/** Reasons for which we refuse addresses that ipaddr.js considers unicast: it does not know these ranges. */
const strictReasons = new Set([
  'not_global',
  'ipv6_transition',
  'reserved',
  'cloud_metadata',
  'documentation',
])

test('ipaddr.js agrees with the verdict on 40,000 addresses, except for ranges that it does not know', () => {
  const numbers = generatedNumbers(20_261_123)
  const next = (): number => numbers.next().value as number
  const tooLenient: string[] = []
  const unexplained: string[] = []
  const both = { allowed: 0, refused: 0 }
  for (let n = 0; n < generatedMax; n += 1) {
    const parts = n % 2 === 0 ? ipv4Bytes(next()) : ipv6Bytes(next(), next(), next(), next(), n)
    const address = ipaddr.fromByteArray(parts)
    const verdict = judgeAddress(address.toString(), 443, strict)
    const isUnicast = address.range() === 'unicast'
    if (verdict.allowed === isUnicast) both[isUnicast ? 'allowed' : 'refused'] += 1
    if (verdict.allowed && !isUnicast) tooLenient.push(address.toString())
    if (!verdict.allowed && isUnicast && !strictReasons.has(verdict.reason))
      unexplained.push(address.toString())
  }
  expect({ tooLenient, unexplained }).toEqual({ tooLenient: [], unexplained: [] })
  expect(Math.min(both.allowed, both.refused)).toBeGreaterThan(4_000)
}, 120_000)

function ipv4Bytes(word: number): number[] {
  return [word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255]
}

/** Most addresses begin with a prefix of a special range. */
function ipv6Bytes(a: number, b: number, c: number, d: number, n: number): number[] {
  const prefixes = [
    a,
    0,
    0x20_01_00_00,
    0x20_02_00_00,
    0x00_64_ff_9b,
    0xfe_80_00_00,
    0xfc_00_00_00,
    0x3f_ff_00_00,
  ]
  const middle = n % 3 === 0 ? 0 : b
  return [prefixes[n % 8] ?? a, middle, n % 5 === 0 ? 0xffff : c, d].flatMap((word) => ipv4Bytes(word >>> 0))
}
