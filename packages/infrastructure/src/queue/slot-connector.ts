import { createConnection, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { AbstractConnector, type RedisOptions } from 'ioredis'
import type { RedisHosts } from '../config/redis-url.ts'
import { findNode, type RedisNode } from './cluster-slots.ts'
import { keySlot } from './key-slot.ts'

const disconnectMaxMs = 2_000
const closedMessage = 'Connection is closed.'

/**
 * Connects a plain client to a Redis Cluster: at each connect it asks the cluster for the node of its keys' slot. Our
 * keys
 * are in few slots, so one client per slot is enough. ioredis' cluster client is not used: after a node was
 * unavailable,
 * BullMQ's workers waited forever.
 */
export function slotConnector(
  url: string,
  cluster: RedisHosts,
  key: string,
): NonNullable<RedisOptions['Connector']> {
  const slot = keySlot(key)
  return class SlotConnector extends AbstractConnector {
    constructor() {
      super(disconnectMaxMs)
    }

    override async connect(): Promise<Socket> {
      this.connecting = true
      const { host, port } = await findNode(url, cluster, slot)
      if (!this.connecting) throw new Error(closedMessage)
      const socket = openSocket({ host, port }, cluster.tls)
      socket.once('error', (error) => (this.firstError = error))
      this.stream = socket
      return socket
    }
  }
}

function openSocket({ host, port }: RedisNode, tls: boolean): Socket {
  return tls ? connectTls({ host, port }) : createConnection({ host, port })
}
