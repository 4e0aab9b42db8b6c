import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { ProxyFailureCode } from '@ghostpost/delivery/deliver'

export interface ProxyOptions {
  /** `http:` or `https:`, with percent-encoded user name and password where it wants them. It may stand anywhere. */
  proxy: URL
  /** For the connection, TLS to an `https:` proxy, and its answer, in milliseconds. */
  withinMs: number
  /** Certificates to trust beside the public ones; for tests. */
  ca?: string
}

/** The proxy opened no tunnel. Holds a code and nothing else: the proxy's URL is a secret. */
export class ProxyFailedError extends Error {
  readonly code: ProxyFailureCode

  constructor(code: ProxyFailureCode) {
    super(`no tunnel through the egress proxy: ${code}`)
    this.name = 'ProxyFailedError'
    this.code = code
  }
}

const headBytesMax = 16_384

/**
 * Opens a tunnel through a proxy with CONNECT (RFC 9110 §9.3.6). What is read from and written to the socket afterwards
 * is between us and the receiver.
 * @param authority host and port of the receiver, an IPv6 address in brackets
 * @param done called once, later, with the tunnel or with why there is none
 */
export function openTunnel(
  authority: string,
  options: ProxyOptions,
  done: (tunnel: Socket | ProxyFailedError) => void,
): void {
  const socket = connectTo(options)
  const timer = setTimeout(() => settle('PROXY_TIMEOUT'), options.withinMs)
  let connected = false
  let head = Buffer.alloc(0)
  const settle = (result: ProxyFailureCode | 'open'): void => {
    clearTimeout(timer)
    socket.off('readable', onReadable).off('close', onClose)
    if (result !== 'open') socket.destroy()
    done(result === 'open' ? socket : new ProxyFailedError(result))
  }
  const onReadable = (): void => {
    for (let chunk = readChunk(socket); chunk !== null; chunk = readChunk(socket))
      head = Buffer.concat([head, chunk])
    const result = parseHead(head)
    if (result !== 'incomplete') settle(result)
  }
  const onClose = (): void => {
    if (!connected) return settle('PROXY_UNREACHABLE')
    return settle(head.length > 0 ? 'PROXY_MALFORMED' : 'PROXY_CLOSED')
  }
  // Credentials go to nobody whose certificate has not been checked.
  socket.once(options.proxy.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
    connected = true
    socket.write(connectHead(authority, options.proxy))
  })
  // Every error is followed by `close`. The listener stays: between tunnel and client nobody else listens.
  socket.on('error', () => {})
  socket.on('readable', onReadable).on('close', onClose)
}

function connectTo({ proxy, ca }: ProxyOptions): Socket {
  const host = proxy.hostname.replace(/^\[|\]$/g, '')
  if (proxy.protocol === 'http:') {
    return connectTcp({ host, port: Number(proxy.port || 80) }).setNoDelay(true)
  }
  const servername = isIP(host) === 0 ? { servername: host } : {}
  const port = Number(proxy.port || 443)
  return connectTls({
    host,
    port,
    ALPNProtocols: ['http/1.1'],
    ...servername,
    ...(ca !== undefined && { ca }),
  })
}

function connectHead(authority: string, { username, password }: URL): string {
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  const authorization = `Proxy-Authorization: Basic ${Buffer.from(credentials, 'utf8').toString('base64')}\r\n`
  const hasCredentials = username !== '' || password !== ''
  return `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${hasCredentials ? authorization : ''}\r\n`
}

function readChunk(socket: Socket): Buffer | null {
  return socket.read() as Buffer | null
}

function parseHead(head: Buffer): ProxyFailureCode | 'open' | 'incomplete' {
  const text = head.toString('latin1')
  const end = text.indexOf('\r\n\r\n')
  if (!text.startsWith('HTTP/1.'.slice(0, text.length)) || head.length > headBytesMax)
    return 'PROXY_MALFORMED'
  if (end === -1) return 'incomplete'
  const [, status] = /^HTTP\/1\.[01] ([2-5]\d\d)(?: [^\r\n]*)?\r\n/.exec(text) ?? []
  if (status === undefined) return 'PROXY_MALFORMED'
  // The receiver speaks after us, TLS or not: what follows the head of a 2xx is the proxy's.
  if (status.startsWith('2')) return end + 4 === head.length ? 'open' : 'PROXY_MALFORMED'
  if (status === '407') return 'PROXY_AUTH_REQUIRED'
  return status === '403' ? 'PROXY_REFUSED' : `PROXY_STATUS_${Number(status)}`
}
