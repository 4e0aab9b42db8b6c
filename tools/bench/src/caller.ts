import { Pool } from 'undici'

export interface Caller {
  /** Posts a body and returns the status of the response. */
  post: (body: string) => Promise<string>
  close: () => Promise<void>
}

/** Longer than any response takes. */
const responseMaxMs = 35_000

/**
 * Calls one URL over one connection per concurrent call.
 * @param localAddress address of this machine from which to call
 */
export function openCaller(
  url: string,
  headers: Readonly<Record<string, string>> = {},
  localAddress?: string,
): Caller {
  const { origin, pathname } = new URL(url)
  const connect = localAddress === undefined ? {} : { connect: { localAddress } }
  const pool = new Pool(origin, { headersTimeout: responseMaxMs, bodyTimeout: responseMaxMs, ...connect })
  const sent = { 'content-type': 'application/json', ...headers }
  return {
    post: async (body) => {
      const response = await pool.request({ path: pathname, method: 'POST', headers: sent, body })
      await response.body.dump()
      return String(response.statusCode)
    },
    close: () => pool.destroy(),
  }
}
