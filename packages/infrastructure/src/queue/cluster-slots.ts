import { Redis } from 'ioredis'
import type { RedisHosts } from '../config/redis-url.ts'

export interface RedisNode {
  host: string
  port: number
}

interface SlotRange {
  from: number
  to: number
  master: RedisNode
}

/** What was heard last of a cluster, for all connections of this process. */
interface Heard {
  ranges: readonly SlotRange[]
  nodes: readonly RedisNode[]
  asking: Promise<void> | null
  askedAtMs: number
}

/** A crowd of connections that comes back together asks once. */
const rememberedMs = 250
const answerMaxMs = 1_000
const heardOf = new Map<string, Heard>()

/**
 * The node that has a slot, by what the cluster says now; a node of it, when nobody can say: whoever connects there is
 * refused, or told better. Never rejects.
 */
export async function findNode(url: string, cluster: RedisHosts, slot: number): Promise<RedisNode> {
  const heard = heardOf.get(url) ?? { ranges: [], nodes: cluster.hosts, asking: null, askedAtMs: 0 }
  heardOf.set(url, heard)
  if (heard.asking === null && Date.now() - heard.askedAtMs >= rememberedMs) {
    heard.askedAtMs = Date.now()
    heard.asking = ask(heard, cluster).finally(() => (heard.asking = null))
  }
  await heard.asking
  const range = heard.ranges.find(({ from, to }) => from <= slot && slot <= to)
  const known = range?.master ?? heard.nodes[slot % heard.nodes.length]
  if (!known) throw new Error('a cluster has a node at least')
  return known
}

/** Asks one node after the other until one answers. */
async function ask(heard: Heard, cluster: RedisHosts): Promise<void> {
  for (const node of heard.nodes) {
    const ranges = await slotsBy(node, cluster)
    if (ranges.length === 0) continue
    heard.ranges = ranges
    // Who has just answered is asked first next time; those the settings name may know of a cluster that moved.
    const all = [node, ...ranges.map(({ master }) => master), ...cluster.hosts]
    heard.nodes = [...new Map(all.map((one) => [`${one.host} ${one.port}`, one])).values()]
    return
  }
}

/** What a node says of all slots; nothing when it does not answer. */
async function slotsBy(node: RedisNode, { username, password, tls }: RedisHosts): Promise<SlotRange[]> {
  const client = new Redis({
    ...node,
    ...(username !== null && { username }),
    ...(password !== null && { password }),
    ...(tls && { tls: {} }),
    lazyConnect: true,
    enableReadyCheck: false,
    retryStrategy: () => null,
    connectTimeout: answerMaxMs,
    commandTimeout: answerMaxMs,
  })
  client.on('error', () => {})
  try {
    await client.connect()
    return (await client.cluster('SLOTS')).flatMap((range) => rangeIn(range, node))
  } catch {
    return []
  } finally {
    client.disconnect()
  }
}

/** https://redis.io/docs/latest/commands/cluster-slots/: first slot, last slot, then the master and its replicas. */
function rangeIn(range: unknown, asked: RedisNode): SlotRange[] {
  const [from, to, master] = range as [number, number, [string | null, number] | undefined]
  if (master === undefined || master[0] === '?') return []
  // Without a name it is the node that was asked.
  return [{ from, to, master: { host: master[0] || asked.host, port: master[1] } }]
}
