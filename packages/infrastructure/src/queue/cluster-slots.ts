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
interface ClusterState {
  ranges: readonly SlotRange[]
  nodes: readonly RedisNode[]
  refreshing: Promise<void> | null
  refreshedAtMs: number
}

/** A crowd of connections that comes back together asks once. */
const refreshIntervalMs = 250
const nodeTimeoutMs = 1_000
const clusterStates = new Map<string, ClusterState>()

/**
 * The node that has a slot, by what the cluster says now; a node of it, when nobody can say: whoever connects there is
 * refused, or told better. Never rejects.
 */
export async function findNode(url: string, cluster: RedisHosts, slot: number): Promise<RedisNode> {
  const state = clusterStates.get(url) ?? {
    ranges: [],
    nodes: cluster.hosts,
    refreshing: null,
    refreshedAtMs: 0,
  }
  clusterStates.set(url, state)
  if (state.refreshing === null && Date.now() - state.refreshedAtMs >= refreshIntervalMs) {
    state.refreshedAtMs = Date.now()
    state.refreshing = refresh(state, cluster).finally(() => (state.refreshing = null))
  }
  await state.refreshing
  const range = state.ranges.find(({ from, to }) => from <= slot && slot <= to)
  const node = range?.master ?? state.nodes[slot % state.nodes.length]
  if (!node) throw new Error('a cluster has a node at least')
  return node
}

/** Asks one node after the other until one answers. */
async function refresh(state: ClusterState, cluster: RedisHosts): Promise<void> {
  for (const node of state.nodes) {
    const ranges = await readSlots(node, cluster)
    if (ranges.length === 0) continue
    state.ranges = ranges
    // Who has just answered is asked first next time; those the settings name may know of a cluster that moved.
    const all = [node, ...ranges.map(({ master }) => master), ...cluster.hosts]
    state.nodes = [...new Map(all.map((one) => [`${one.host} ${one.port}`, one])).values()]
    return
  }
}

/** What a node says of all slots; nothing when it does not answer. */
async function readSlots(node: RedisNode, { username, password, tls }: RedisHosts): Promise<SlotRange[]> {
  const client = new Redis({
    ...node,
    ...(username !== null && { username }),
    ...(password !== null && { password }),
    ...(tls && { tls: {} }),
    lazyConnect: true,
    enableReadyCheck: false,
    retryStrategy: () => null,
    connectTimeout: nodeTimeoutMs,
    commandTimeout: nodeTimeoutMs,
  })
  client.on('error', () => {})
  try {
    await client.connect()
    return (await client.cluster('SLOTS')).flatMap((range) => parseRange(range, node))
  } catch {
    return []
  } finally {
    client.disconnect()
  }
}

/** https://redis.io/docs/latest/commands/cluster-slots/: first slot, last slot, then the master and its replicas. */
function parseRange(range: unknown, askedNode: RedisNode): SlotRange[] {
  const [from, to, master] = range as [number, number, [string | null, number] | undefined]
  if (master === undefined || master[0] === '?') return []
  // Without a name it is the node that was asked.
  return [{ from, to, master: { host: master[0] || askedNode.host, port: master[1] } }]
}
