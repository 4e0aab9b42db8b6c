import type { buildConnector } from 'undici'

/** The use of one origin: open and opening connections, and requests in flight on them. */
interface OriginUse {
  connections: number
  requests: number
}

export interface KeepAliveLimits {
  /** Most connections of one process to all origins. A connection that is not free again yet may count twice. */
  overall: number
  perOrigin: number
}

/**
 * Counts keep-alive connections in order to limit them: otherwise a worker that sends to thousands of hosts would keep
 * thousands of connections open.
 */
export class KeepAliveConnections {
  readonly #limits: KeepAliveLimits
  readonly #uses = new Map<string, OriginUse>()
  /** Sum over all origins of the larger of connections and requests, because each request will have a connection. */
  #taken = 0

  constructor(limits: KeepAliveLimits) {
    this.#limits = limits
  }

  /** Whether the origin has a free connection, or the limits allow a new keep-alive connection. */
  hasRoom(origin: string): boolean {
    const { connections, requests } = this.#useOf(origin)
    if (requests >= this.#limits.perOrigin) return false
    return connections > requests || this.#taken < this.#limits.overall
  }

  /** Counts a request to the origin until `work` settles. */
  async track<T>(origin: string, work: () => Promise<T>): Promise<T> {
    this.#change(origin, 'requests', 1)
    try {
      return await work()
    } finally {
      this.#change(origin, 'requests', -1)
    }
  }

  /** Wraps a connector so that each connection counts from the connect call until its close. */
  withCounting(connect: buildConnector.connector): buildConnector.connector {
    return (target, callback) => {
      const origin = `${target.protocol}//${target.host ?? target.hostname}`
      this.#change(origin, 'connections', 1)
      connect(target, (...[error, socket]) => {
        if (error) {
          this.#change(origin, 'connections', -1)
          return callback(error, null)
        }
        socket.once('close', () => this.#change(origin, 'connections', -1))
        return callback(null, socket)
      })
    }
  }

  #useOf(origin: string): OriginUse {
    return this.#uses.get(origin) ?? { connections: 0, requests: 0 }
  }

  #change(origin: string, field: keyof OriginUse, by: 1 | -1): void {
    const before = this.#useOf(origin)
    const after = { ...before, [field]: before[field] + by }
    this.#taken += connectionsNeeded(after) - connectionsNeeded(before)
    if (connectionsNeeded(after) === 0) this.#uses.delete(origin)
    else this.#uses.set(origin, after)
  }
}

function connectionsNeeded({ connections, requests }: OriginUse): number {
  return Math.max(connections, requests)
}
