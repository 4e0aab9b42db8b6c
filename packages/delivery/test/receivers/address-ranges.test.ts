import { isIP } from 'node:net'
import { judgeAddress, type AddressVerdict } from '@ghostpost/delivery/receivers'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

type Reason = Extract<AddressVerdict, { allowed: false }>['reason']

// Copied by hand from IANA's registries. The expected verdict is computed with arithmetic of its own: this file shares
// neither code nor data with the policy, not even the parser of addresses.
const refusedIpv4: readonly [cidr: string, reason: Reason][] = [
  ['169.254.169.254/32', 'cloud_metadata'],
  ['169.254.170.2/32', 'cloud_metadata'],
  ['100.100.100.200/32', 'cloud_metadata'],
  ['192.0.0.192/32', 'cloud_metadata'],
  ['168.63.129.16/32', 'cloud_metadata'],
  ['0.0.0.0/8', 'unspecified'],
  ['10.0.0.0/8', 'private_network'],
  ['100.64.0.0/10', 'carrier_grade_nat'],
  ['127.0.0.0/8', 'loopback'],
  ['169.254.0.0/16', 'link_local'],
  ['172.16.0.0/12', 'private_network'],
  ['192.0.0.0/24', 'reserved'],
  ['192.0.2.0/24', 'documentation'],
  ['192.31.196.0/24', 'reserved'],
  ['192.52.193.0/24', 'reserved'],
  ['192.88.99.0/24', 'ipv6_transition'],
  ['192.168.0.0/16', 'private_network'],
  ['192.175.48.0/24', 'reserved'],
  ['198.18.0.0/15', 'benchmarking'],
  ['198.51.100.0/24', 'documentation'],
  ['203.0.113.0/24', 'documentation'],
  ['224.0.0.0/4', 'multicast'],
  ['240.0.0.0/4', 'reserved'],
]

const refusedIpv6: readonly [cidr: string, reason: Reason][] = [
  ['0:0:0:0:0:0:0:1/128', 'loopback'],
  ['0:0:0:0:0:0:0:0/128', 'unspecified'],
  ['fd00:ec2:0:0:0:0:0:254/128', 'cloud_metadata'],
  ['fd20:ce:0:0:0:0:0:254/128', 'cloud_metadata'],
  ['0:0:0:0:0:0:0:0/96', 'ipv6_transition'],
  ['0:0:0:0:0:ffff:0:0/96', 'ipv6_transition'],
  ['0:0:0:0:ffff:0:0:0/96', 'ipv6_transition'],
  ['64:ff9b:0:0:0:0:0:0/96', 'ipv6_transition'],
  ['64:ff9b:1:0:0:0:0:0/48', 'ipv6_transition'],
  ['2001:0:0:0:0:0:0:0/32', 'ipv6_transition'],
  ['2002:0:0:0:0:0:0:0/16', 'ipv6_transition'],
  ['2001:2:0:0:0:0:0:0/48', 'benchmarking'],
  ['2001:0:0:0:0:0:0:0/23', 'reserved'],
  ['2001:db8:0:0:0:0:0:0/32', 'documentation'],
  ['3fff:0:0:0:0:0:0:0/20', 'documentation'],
  ['2620:4f:8000:0:0:0:0:0/48', 'reserved'],
  ['fc00:0:0:0:0:0:0:0/7', 'private_network'],
  ['fe80:0:0:0:0:0:0:0/10', 'link_local'],
  ['fec0:0:0:0:0:0:0:0/10', 'private_network'],
  ['ff00:0:0:0:0:0:0:0/8', 'multicast'],
  ['0:0:0:0:0:0:0:0/3', 'not_global'],
  ['4000:0:0:0:0:0:0:0/2', 'not_global'],
  ['8000:0:0:0:0:0:0:0/1', 'not_global'],
]

interface Range {
  cidr: string
  first: bigint
  last: bigint
  reason: Reason
}

interface Family {
  bits: number
  ranges: readonly Range[]
  write: (number: bigint) => string
}

const ipv4: Family = {
  bits: 32,
  ranges: rangesOf(refusedIpv4, 32, '.', 8, 10),
  write: (n) => write(n, 4, '.', 8, 10),
}
const ipv6: Family = {
  bits: 128,
  ranges: rangesOf(refusedIpv6, 128, ':', 16, 16),
  write: (n) => write(n, 8, ':', 16, 16),
}
const families = [ipv4, ipv6]

function rangesOf(
  table: readonly [string, Reason][],
  bits: number,
  separator: string,
  partBits: number,
  radix: number,
): Range[] {
  return table.map(([cidr, reason]) => {
    const [network = '', length] = cidr.split('/')
    const parts = network.split(separator).map((part) => BigInt(Number.parseInt(part, radix)))
    const first = parts.reduce((number, part) => (number << BigInt(partBits)) | part, 0n)
    return { cidr, first, last: first + (1n << BigInt(bits - Number(length))) - 1n, reason }
  })
}

function write(number: bigint, parts: number, separator: string, partBits: number, radix: number): string {
  return Array.from(
    { length: parts },
    (_, n) => (number >> BigInt(partBits * (parts - 1 - n))) & ((1n << BigInt(partBits)) - 1n),
  )
    .map((part) => part.toString(radix))
    .join(separator)
}

function expected({ ranges }: Family, number: bigint): object {
  const found = ranges.find(({ first, last }) => number >= first && number <= last)
  return found ? { allowed: false, reason: found.reason } : { allowed: true }
}

function judged(family: Family, number: bigint): object {
  return judgeAddress(family.write(number), 443, { allowed: [] })
}

describe('the ends of every refused range and the addresses next to them', () => {
  const rows = families.flatMap((family) => family.ranges.map((range) => ({ family, ...range })))
  test.each(rows)('$cidr', ({ family, first, last }) => {
    for (const number of [first - 1n, first, first + 1n, last - 1n, last, last + 1n]) {
      if (number < 0n || number >= 1n << BigInt(family.bits)) continue
      expect({ [family.write(number)]: judged(family, number) }).toEqual({
        [family.write(number)]: expected(family, number),
      })
    }
  })
})

const runs = 4_000

test.each([
  ['IPv4', ipv4],
  ['IPv6', ipv6],
] as const)(
  'generated %s addresses get the verdict of the registries',
  (_name, family) => {
    const most = (1n << BigInt(family.bits)) - 1n
    const nearRange = fc
      .tuple(fc.constantFrom(...family.ranges), fc.bigInt({ min: -65_536n, max: 65_536n }), fc.boolean())
      .map(([{ first, last }, distance, atEnd]) => (atEnd ? last : first) + distance)
      .filter((number) => number >= 0n && number <= most)
    const anywhere = fc.bigInt({ min: 0n, max: most })
    fc.assert(
      fc.property(fc.oneof(nearRange, anywhere), (number) => {
        expect(judged(family, number)).toEqual(expected(family, number))
      }),
      { numRuns: runs, seed: 20_261_123 },
    )
  },
  60_000,
)

describe('parsing an address', () => {
  const piece = fc.constantFrom(
    '0',
    '1',
    '8',
    '01',
    '010',
    '127',
    '255',
    '256',
    'ffff',
    'FE80',
    '0x7f',
    '12345',
    '',
    '.',
    ':',
    '::',
    '%1',
    '/8',
    ' ',
  )
  const text = fc.oneof(
    fc.array(piece, { maxLength: 9 }).map((pieces) => pieces.join('')),
    fc.array(piece, { minLength: 4, maxLength: 4 }).map((pieces) => pieces.join('.')),
    fc.array(piece, { minLength: 2, maxLength: 9 }).map((pieces) => pieces.join(':')),
    fc.ipV4(), fc.ipV4Extended(), fc.ipV6(),
  ) // prettier-ignore

  test('accepts exactly what node:net accepts, without zones', () => {
    fc.assert(
      fc.property(text, (address) => {
        const verdict = judgeAddress(address, 443, { allowed: [] })
        const read = verdict.allowed || verdict.reason !== 'not_an_address'
        expect([address, read]).toEqual([address, isIP(address) !== 0 && !address.includes('%')])
      }),
      { numRuns: runs, seed: 20_261_123 },
    )
  }, 60_000)
})
