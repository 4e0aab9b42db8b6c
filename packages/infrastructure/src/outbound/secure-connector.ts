import type { Socket } from 'node:net'
import { buildConnector } from 'undici'

/** Opens TLS over a connected socket, within a time in milliseconds. It rejects with the error of the handshake. */
export type SecureConnector = (
  target: buildConnector.Options,
  socket: Socket,
  withinMs: number,
) => Promise<Socket>

/** @param ca additional trusted certificates, for tests */
export function openSecureConnector(ca?: string): SecureConnector {
  // The time limit is ours: it also covers what came before the handshake.
  const secure = buildConnector({ timeout: 0, allowH2: false, ...(ca !== undefined && { ca }) })
  return (target, socket, withinMs) => {
    const { promise, resolve, reject } = Promise.withResolvers<Socket>()
    const timer = setTimeout(() => {
      socket.destroy()
      reject(Object.assign(new Error('TLS handshake timed out'), { code: 'ETIMEDOUT' }))
    }, withinMs)
    secure({ ...target, ...serverNameOf(target), httpSocket: socket }, (...[error, secured]) => {
      clearTimeout(timer)
      if (error) {
        socket.destroy()
        return reject(error)
      }
      return resolve(secured)
    })
    return promise
  }
}

/** "The hostname is represented as a byte string … without a trailing dot" (RFC 6066 §3). */
function serverNameOf({ servername, hostname }: buildConnector.Options): { servername?: string } {
  if (!hostname.endsWith('.')) return servername ? { servername } : {}
  return { servername: hostname.replace(/\.+$/, '') }
}
