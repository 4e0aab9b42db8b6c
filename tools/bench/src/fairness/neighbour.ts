import { createSessionToken, createUser } from '@ghostpost/test-kit/accounts'
import type { PlanView } from '@ghostpost/delivery/contract/operations'
import { openCaller } from '../caller.ts'
import type { CallTarget } from '../calls.ts'
import type { GhostpostInstallation } from '../contenders/ghostpost.ts'
import { fetchJson } from '../log/bench-api.ts'

/** Another site of the same installation, with an account of its own. */
export interface Neighbour {
  /** Exports a visitor to this URL without waiting for the outcome; returns the status of the response. */
  exportTo: (webhookUrl: string) => Promise<string>
  /** Starts an operation that exports all visitors to this URL; returns how many. @param rate members a second */
  exportAllTo: (webhookUrl: string, rate: number) => Promise<number>
  close: () => Promise<void>
}

const site = 7
/** Members of its operation. */
const visitors = 2_000
/** An address of this machine that no other caller has, so that a share by address is its own. */
const callerAddress = '127.0.0.2'

export async function openNeighbour(
  { database }: GhostpostInstallation,
  { address }: CallTarget,
): Promise<Neighbour> {
  await addVisitors(database)
  const session = await createSessionToken(database, (await createUser(database, [site])).id)
  const headers = { cookie: `session=${session}`, prefer: 'respond-async' }
  const caller = openCaller(`${address}/api/webhook`, headers, callerAddress)
  const call = <T>(path: string, body: object): Promise<T> => fetchJson<T>({ session, address }, path, body)
  return {
    exportTo: (webhookUrl) =>
      caller.post(JSON.stringify({ ghost_vid: 'gv_neighbour_1', webhook_url: webhookUrl, siteId: site })),
    exportAllTo: async (webhookUrl, rate) => {
      const receiver = { siteId: site, name: 'All', webhook_type: 'custom', webhook_url: webhookUrl }
      const { destination } = await call<{ destination: { id: string } }>('/api/destinations', receiver)
      const members = { siteId: site, kind: 'export', visitors: { score_min: 0 }, rate, canary: false }
      const planned = { ...members, destination_id: destination.id }
      const { operation, matched } = await call<PlanView>('/api/operations/plan', planned)
      await call('/api/operations', { operation_id: operation.operation_id })
      return matched
    },
    close: () => caller.close(),
  }
}

async function addVisitors({ pool }: GhostpostInstallation['database']): Promise<void> {
  await pool.query(
    `insert into visitors (site_id, ghost_vid, first_seen, last_seen)
     select $1, 'gv_neighbour_' || n, now(), now() from generate_series(1, $2::int) n`,
    [site, visitors],
  )
}
