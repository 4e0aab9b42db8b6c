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
 * several leaves nothing behind.
 */
export function shardPrefix(prefix: string, shard: number): string {
  return shard === 0 ? `{${prefix}}` : `{${prefix}:${shard}}`
}

/** What stands behind a lane's name in a shard. */
export function shardSuffix(shard: number): string {
  return shard === 0 ? '' : `-${shard}`
}
