import { connect, type Socket } from 'node:net'

export interface RawConnection {
  socket: Socket
  /** Everything that was received until now. */
  received: () => string
  /** Resolves when the connection has closed, with everything that was received. */
  closed: Promise<string>
}

/**
 * Connects to an API without speaking HTTP for the caller.
 * @param from the address of the caller, in 127.0.0.0/8: each one is another caller
 * @param bytes sent at once
 */
export function connectFrom(api: string, from: string, bytes = ''): RawConnection {
  const { hostname, port } = new URL(api)
  let text = ''
  const { promise: closed, resolve } = Promise.withResolvers<string>()
  const socket = connect({ port: Number(port), host: hostname, localAddress: from })
    .on('error', () => {})
    .on('data', (chunk) => void (text += String(chunk)))
    .once('close', () => resolve(text))
  if (bytes !== '') socket.write(bytes)
  return { socket, received: () => text, closed }
}

/** A request whose body never ends: a byte of 1,000. */
export function unfinishedPost(path: string, headers: Readonly<Record<string, string>> = {}): string {
  const lines = Object.entries({
    host: 'localhost',
    'content-type': 'application/json',
    'content-length': '1000',
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`)
  return `POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n{`
}

/** The status of a GET on a connection of its own; null if the connection was closed without a response. */
export async function getFrom(
  api: string,
  from: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<number | null> {
  const lines = Object.entries({ host: 'localhost', connection: 'close', ...headers })
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  const text = await connectFrom(api, from, `GET ${path} HTTP/1.1\r\n${head}\r\n`).closed
  return statusIn(text)
}

/** The status of the first response in what a connection received; null if there is none. */
export function statusIn(text: string): number | null {
  const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]
  return status === undefined ? null : Number(status)
}
