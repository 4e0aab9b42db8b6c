import { createRequire } from 'node:module'
import { describe, expect, test } from 'vitest'
import { shardOf, shardPrefix } from '../../src/queue/shards.ts'

/** The hash slot of a key, as ioredis computes it, to compare with our own. */
const keySlot = createRequire(import.meta.resolve('ioredis'))('cluster-key-slot') as (key: string) => number
const sites = Array.from({ length: 20_000 }, (_, index) => index + 1)

describe('the shard of a site', () => {
  test('is the only shard if there is one', () => {
    expect(new Set(sites.map((site) => shardOf(site, 1)))).toEqual(new Set([0]))
  })

  test('is the same in every release', () => {
    expect([1, 2, 3, 4, 7, 100, 2 ** 31 - 1].map((site) => shardOf(site, 16))).toMatchInlineSnapshot(`
      [
        10,
        3,
        7,
        6,
        13,
        10,
        11,
      ]
    `)
  })

  test.each([2, 3, 8, 64])('is each of %i shards about equally often', (shards) => {
    const counts = Array.from({ length: shards }, () => 0)
    for (const site of sites) counts[shardOf(site, shards)]! += 1
    const fair = sites.length / shards
    expect(Math.min(...counts)).toBeGreaterThan(fair * 0.8)
    expect(Math.max(...counts)).toBeLessThan(fair * 1.2)
  })

  test('changes only to a new shard, and only for that shard’s share of the sites', () => {
    const moved = sites.filter((site) => shardOf(site, 8) !== shardOf(site, 9))
    expect(new Set(moved.map((site) => shardOf(site, 9)))).toEqual(new Set([8]))
    expect(moved.length / sites.length).toBeCloseTo(1 / 9, 1)
  })
})

test('the first shard has the name of the single queue of earlier releases', () => {
  expect(shardPrefix('ghostpost', 0)).toBe('{ghostpost}')
  expect(shardPrefix('ghostpost', 1)).toMatch(/^\{ghostpost:1-\d+\}$/)
})

describe('the names of shards', () => {
  const tags = Array.from({ length: 64 }, (_, shard) => shardPrefix('ghostpost', shard))

  test('are the same in every release', () => {
    expect(tags.slice(0, 8)).toMatchInlineSnapshot(`
      [
        "{ghostpost}",
        "{ghostpost:1-24}",
        "{ghostpost:2-174}",
        "{ghostpost:3-112}",
        "{ghostpost:4-141}",
        "{ghostpost:5-8}",
        "{ghostpost:6-50}",
        "{ghostpost:7-115}",
      ]
    `)
  })

  test.each([
    [6, 3],
    [12, 3],
    [12, 6],
    [32, 8],
    [64, 16],
    [40, 10],
  ])('distribute %i shards evenly over %i nodes of a cluster', (shards, nodes) => {
    for (const prefix of ['ghostpost', 'a', 'test-0f3e', 'x'.repeat(40)]) {
      const counts = Array.from({ length: nodes }, () => 0)
      for (let shard = 0; shard < shards; shard += 1) {
        const slot = keySlot(`${shardPrefix(prefix, shard)}:deliveries-live:1`)
        counts[Math.floor((slot * nodes) / 16_384)]! += 1
      }
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(Math.ceil(shards / nodes))
      expect(Math.min(...counts)).toBeGreaterThan(0)
    }
  })
})
