import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'

/** Returns a free port. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** True when no process listens on this port of the loopback address. */
export async function isPortFree(port: number): Promise<boolean> {
  const server = createServer()
  const taken = once(server, 'error').then(() => false)
  server.listen(port, '127.0.0.1')
  const free = once(server, 'listening').then(() => true)
  if (!(await Promise.race([free, taken]))) return false
  server.close()
  await once(server, 'close')
  return true
}
