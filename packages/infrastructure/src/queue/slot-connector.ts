import { createConnection, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { AbstractConnector, type RedisOptions } from 'ioredis'
import type { RedisHosts } from '../config/redis-url.ts'
import { findNode, type RedisNode } from './cluster-slots.ts'
import { keySlot } from './key-slot.ts'

const disconnectMaxMs = 2_000
const closedMessage = 'Connection is closed.'

/**
 * A way for a plain client to a Redis Cluster: whenever it connects, it asks the cluster which node has the slot of its
 * keys. All we keep there lies in few slots, so a client that knows of one is enough, and what is known to work with one
 * Redis works here. ioredis' own cluster client left BullMQ's workers waiting for good after a node had been away.
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
