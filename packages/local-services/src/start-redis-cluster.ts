import { join } from 'node:path'
import type { RedisBinaries } from './unpack-redis.ts'
import type { LocalService } from './local-service.ts'
import { freePort } from './ports.ts'
import { sendRedisCommand, startRedis } from './start-redis.ts'

export interface RedisClusterOptions {
  /** Folder for the data of all nodes. */
  dataDir: string
  binaries: RedisBinaries
  /** Number of nodes that share the slots; none has a replica. */
  nodes: number
  /** Files of a certificate, its key and its authority. The nodes then accept TLS and use only TLS between them. */
  tls?: { cert: string; key: string; authority: string }
}

interface RedisClusterNode {
  port: number
  /** Sends SIGKILL, which has the effect of a crash. */
  kill: () => Promise<void>
  /** Starts it on the same port and data. */
  start: () => Promise<void>
}

export interface RedisCluster {
  /** Address with all nodes: `redis-cluster://`, or `rediss-cluster://` with TLS. */
  url: string
  nodes: readonly RedisClusterNode[]
  stop: () => Promise<void>
}

const slots = 16_384
const joinTimeoutMs = 30_000
const pauseMs = 50

/**
 * Starts a Redis Cluster on free ports of the loopback address. While a node is down, the others serve their slots.
 * @throws when the nodes do not form a cluster within 30 s
 */
export async function startRedisCluster(options: RedisClusterOptions): Promise<RedisCluster> {
  const nodes: StartedNode[] = []
  const stop = async (): Promise<void> => void (await Promise.all(nodes.map((node) => node.stop())))
  try {
    for (let index = 0; index < options.nodes; index += 1) nodes.push(await startNode(options, index))
    await joinNodes(nodes)
  } catch (error) {
    await stop()
    throw error
  }
  const hosts = nodes.map(({ port, tlsPort }) => `127.0.0.1:${tlsPort ?? port}`)
  return { url: `${options.tls ? 'rediss' : 'redis'}-cluster://${hosts.join(',')}`, nodes, stop }
}

interface StartedNode extends RedisClusterNode {
  busPort: number
  tlsPort: number | null
  stop: () => Promise<void>
}

async function startNode(options: RedisClusterOptions, index: number): Promise<StartedNode> {
  const { dataDir, binaries, tls } = options
  const [port, busPort] = [await freePort(), await freePort()]
  const tlsPort = tls ? await freePort() : null
  const settings = {
    ...(tls && tlsSettings(tls, tlsPort ?? 0)),
    'cluster-enabled': 'yes',
    'cluster-port': String(busPort),
    'cluster-node-timeout': '2000',
    'cluster-require-full-coverage': 'no',
  }
  const open = (): Promise<LocalService> =>
    startRedis({ dataDir: join(dataDir, `node-${index}`), binaries, port, appendOnly: true, settings })
  let service = await open()
  return {
    port,
    busPort,
    tlsPort,
    kill: async () => {
      for (const pid of service.pids) process.kill(pid, 'SIGKILL')
      await service.stop()
    },
    start: async () => void (service = await open()),
    stop: () => service.stop(),
  }
}

function tlsSettings(
  { cert, key, authority }: NonNullable<RedisClusterOptions['tls']>,
  port: number,
): Record<string, string> {
  return {
    'tls-port': String(port),
    'tls-cluster': 'yes',
    'tls-auth-clients': 'no',
    'tls-cert-file': cert,
    'tls-key-file': key,
    'tls-ca-cert-file': authority,
  }
}

/** Assigns each node its share of the slots and introduces the nodes to each other. */
async function joinNodes(nodes: readonly StartedNode[]): Promise<void> {
  const share = Math.ceil(slots / nodes.length)
  for (const [index, { port }] of nodes.entries()) {
    const last = Math.min((index + 1) * share, slots) - 1
    await runCommand(port, `CLUSTER ADDSLOTSRANGE ${index * share} ${last}`)
    for (const other of nodes.slice(index + 1)) {
      await runCommand(port, `CLUSTER MEET 127.0.0.1 ${other.port} ${other.busPort}`)
    }
  }
  const deadline = Date.now() + joinTimeoutMs
  for (const { port } of nodes) {
    while (!isClusterReady(await sendRedisCommand(port, 'CLUSTER INFO'), nodes.length)) {
      if (Date.now() > deadline) throw new Error('the nodes of the Redis Cluster did not form a cluster')
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  }
}

function isClusterReady(info: string, nodes: number): boolean {
  return info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${nodes}`)
}

async function runCommand(port: number, command: string): Promise<void> {
  const reply = await sendRedisCommand(port, command)
  if (!reply.startsWith('+OK')) throw new Error(`Redis refused ${command}: ${reply.trim()}`)
}
