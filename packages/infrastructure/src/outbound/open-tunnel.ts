import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { ProxyFailureCode } from '@ghostpost/delivery/deliver'

export interface ProxyOptions {
  /**
   * `http:` or `https:`, with percent-encoded user name and password if required. The address policy does not apply.
   */
  proxy: URL
  /** Limit in milliseconds for the connection, TLS to an `https:` proxy, and the proxy's response. */
  withinMs: number
  /** Additional trusted certificates, for tests. */
  ca?: string
}

/** The proxy opened no tunnel. The error has only a code, because the proxy's URL is a secret. */
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
 * Opens a tunnel to a receiver through a proxy with CONNECT (RFC 9110 §9.3.6).
 * @param authority host and port of the receiver, an IPv6 address in brackets
 * @param done called once, asynchronously, with the tunnel's socket or the error
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
  // Wait for the TLS handshake, so that only a proxy with a checked certificate gets the credentials.
  socket.once(options.proxy.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
    connected = true
    socket.write(connectHead(authority, options.proxy))
  })
  // `close` follows every error. The listener stays, because nobody else listens until the client takes the socket.
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
  // The receiver sends nothing before we do, so bytes after a 2xx head come from the proxy.
  if (status.startsWith('2')) return end + 4 === head.length ? 'open' : 'PROXY_MALFORMED'
  if (status === '407') return 'PROXY_AUTH_REQUIRED'
  return status === '403' ? 'PROXY_REFUSED' : `PROXY_STATUS_${Number(status)}`
}
