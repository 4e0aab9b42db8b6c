import type { JobQueue } from './queue-backend.ts'
import { keySlot, slotCount } from './key-slot.ts'

/** The live, retry and bulk lanes may each be spread over several queues: their shards, numbered from 0. */

/**
 * The shard the deliveries of a site wait in (rendezvous hashing: the shard with the highest draw). The same on every
 * process and in every release; one shard more takes its share from all others and moves no other site.
 */
export function shardOf(siteId: number, shards: number): number {
  let best = 0
  for (let shard = 1; shard < shards; shard += 1) {
    if (draw(siteId, shard) > draw(siteId, best)) best = shard
  }
  return best
}

/** The shard of something else that is told apart by a text, a receiver's budget say. */
export function shardOfText(text: string, shards: number): number {
  let hash = 0x811c9dc5
  // FNV-1a: http://www.isthe.com/chongo/tech/comp/fnv/
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193)
  return shardOf(hash, shards)
}

/** MurmurHash3's finaliser, once for each number: https://github.com/aappleby/smhasher/blob/master/src/MurmurHash3.cpp */
function draw(siteId: number, shard: number): number {
  return mix(mix(siteId | 0) ^ Math.imul(shard + 1, 0x9e3779b9))
}

function mix(value: number): number {
  let hash = value
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/**
 * What stands before the keys of a shard. In braces: a Redis Cluster keeps keys with the same text in braces on the
 * same node, and a queue's scripts touch many keys. Shard 0 is called as the only queue was, so going from one shard to
 * several leaves nothing behind; the others are called so that all lie evenly over the slots, however many there are.
 */
export function shardPrefix(prefix: string, shard: number): string {
  return `{${shard === 0 ? prefix : tagOf(prefix, shard)}}`
}

/** A name is good enough when it is this near to its place. Found within a few hundred tries. */
const slotDistanceMax = slotCount / 256
const triesMax = 20_000

/** Numbers alone would not do: names that differ in a digit get slots that follow a pattern, and half of the nodes none. */
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

/** 1/2, 1/4, 3/4, 1/8, 5/8 …: each next shard lies in the widest gap (van der Corput). */
function gapShare(shard: number): number {
  let [rest, weight, share] = [shard, 0.5, 0]
  for (; rest > 0; rest >>= 1, weight /= 2) share += (rest & 1) * weight
  return share
}

/** What stands behind a lane's name in a shard. */
export function shardSuffix(shard: number): string {
  return shard === 0 ? '' : `-${shard}`
}

/** @throws when there is no such shard */
export function shardQueue(queues: readonly JobQueue[], shard: number): JobQueue {
  const queue = queues[shard]
  if (!queue) throw new Error(`there is no shard ${shard}`)
  return queue
}
