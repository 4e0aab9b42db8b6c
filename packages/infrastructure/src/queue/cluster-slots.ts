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

/** The last known state of a cluster, for all connections of this process. */
interface ClusterState {
  ranges: readonly SlotRange[]
  nodes: readonly RedisNode[]
  refreshing: Promise<void> | null
  refreshedAtMs: number
}

/** Connections that reconnect at the same time share one request. */
const refreshIntervalMs = 250
const nodeTimeoutMs = 1_000
const clusterStates = new Map<string, ClusterState>()

/**
 * Finds the node of a slot. When no node responds, returns any node of the cluster: it refuses the connection or
 * redirects it. Never rejects.
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
  if (!node) throw new Error('a cluster URL names at least one node')
  return node
}

/** Asks one node after another until one responds. */
async function refresh(state: ClusterState, cluster: RedisHosts): Promise<void> {
  for (const node of state.nodes) {
    const ranges = await readSlots(node, cluster)
    if (ranges.length === 0) continue
    state.ranges = ranges
    // The node that responded is asked first next time. The nodes in the settings may know a cluster that moved.
    const all = [node, ...ranges.map(({ master }) => master), ...cluster.hosts]
    state.nodes = [...new Map(all.map((one) => [`${one.host} ${one.port}`, one])).values()]
    return
  }
}

/** Reads all slots from a node; empty when it does not respond. */
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
  // An empty host means the node that was asked.
  return [{ from, to, master: { host: master[0] || askedNode.host, port: master[1] } }]
}
