import type { buildConnector } from 'undici'

/** What one origin has: connections, open or being opened, and requests under way on them. */
interface OriginUse {
  connections: number
  requests: number
}

export interface KeepAliveLimits {
  /** Of one process to all origins together; a connection that is not free again yet may be doubled. */
  overall: number
  perOrigin: number
}

/**
 * Counts the connections that are kept for later requests, so that they can be bounded: a worker that writes to
 * thousands of hosts would otherwise keep thousands of them open.
 */
export class KeepAliveConnections {
  readonly #limits: KeepAliveLimits
  readonly #uses = new Map<string, OriginUse>()
  /** Of each origin its connections, or its requests where they are more: each will have a connection. */
  #taken = 0

  constructor(limits: KeepAliveLimits) {
    this.#limits = limits
  }

  /** Whether a request to an origin finds a free connection, or may have a new one kept. */
  hasRoom(origin: string): boolean {
    const { connections, requests } = this.#useOf(origin)
    if (requests >= this.#limits.perOrigin) return false
    return connections > requests || this.#taken < this.#limits.overall
  }

  /** Notes that a request to an origin is under way until `work` settles. */
  async track<T>(origin: string, work: () => Promise<T>): Promise<T> {
    this.#change(origin, 'requests', 1)
    try {
      return await work()
    } finally {
      this.#change(origin, 'requests', -1)
    }
  }

  /** The same connector, whose connections are counted from their first moment to their last. */
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
