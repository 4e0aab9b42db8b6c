import { keySlot, slotCount } from './key-slot.ts'

/** Each lane may be spread over several queues, its shards. They are numbered from 0. */

/**
 * The shard of a site's deliveries, by rendezvous hashing: the shard with the highest weight. The result is the same in
 * every process and release. An additional shard takes its share from all others and moves no other site.
 */
export function shardOf(siteId: number, shards: number): number {
  let best = 0
  for (let shard = 1; shard < shards; shard += 1) {
    if (weightOf(siteId, shard) > weightOf(siteId, best)) best = shard
  }
  return best
}

/** The shard of an object with a text key, for example a receiver's budget. */
export function shardOfText(text: string, shards: number): number {
  let hash = 0x811c9dc5
  // FNV-1a: http://www.isthe.com/chongo/tech/comp/fnv/
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193)
  return shardOf(hash, shards)
}

/**
 * MurmurHash3's finaliser, applied to both numbers:
 * https://github.com/aappleby/smhasher/blob/master/src/MurmurHash3.cpp
 */
function weightOf(siteId: number, shard: number): number {
  return mix(mix(siteId | 0) ^ Math.imul(shard + 1, 0x9e3779b9))
}

function mix(value: number): number {
  let hash = value
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/**
 * The prefix of a shard's keys. It is in braces, because a Redis Cluster stores keys with the same text in braces on
 * the same node, and a queue's scripts use many keys. Shard 0 has the name of an unsharded queue, so a change from one
 * shard to several leaves no jobs behind. The names of the others spread the shards evenly over the slots.
 */
export function shardPrefix(prefix: string, shard: number): string {
  return `{${shard === 0 ? prefix : tagOf(prefix, shard)}}`
}

/** The search stops at a name whose slot is this close to the target. A few hundred tries find one. */
const slotDistanceMax = slotCount / 256
const triesMax = 20_000

/**
 * Searches a name whose slot is close to the shard's target. Plain numbers get slots that follow a pattern: half of the
 * nodes would have no shard. Existing installations store keys under these names, so the search must not change.
 */
function tagOf(prefix: string, shard: number): string {
  const targetSlot = (keySlot(prefix) + gapShare(shard) * slotCount) % slotCount
  let best = { tag: '', away: slotCount }
  for (let salt = 0; salt < triesMax && best.away > slotDistanceMax; salt += 1) {
    const tag = `${prefix}:${shard}-${salt}`
    const apart = Math.abs(keySlot(tag) - targetSlot)
    const away = Math.min(apart, slotCount - apart)
    if (away < best.away) best = { tag, away }
  }
  return best.tag
}

/** 1/2, 1/4, 3/4, 1/8, 5/8 …: each further shard is in the middle of the widest gap (van der Corput). */
function gapShare(shard: number): number {
  let [rest, weight, share] = [shard, 0.5, 0]
  for (; rest > 0; rest >>= 1, weight /= 2) share += (rest & 1) * weight
  return share
}

/** The suffix of a lane's queue name in a shard. */
export function shardSuffix(shard: number): string {
  return shard === 0 ? '' : `-${shard}`
}
