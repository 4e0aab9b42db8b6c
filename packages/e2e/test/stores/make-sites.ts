import { callApi, exportBody, type ApiResponse } from '@ghostpost/test-kit/processes/call-api'
import type { Stack } from '@ghostpost/test-kit/processes/start-stack'

const firstSite = 1_001

/** Creates sites with one visitor each, which the stack's user may export. Returns their ids. */
export async function makeSites({ database, user }: Stack, count: number): Promise<number[]> {
  const ids = Array.from({ length: count }, (_, index) => firstSite + index)
  await database.pool.query(
    `with made as (
       insert into sites (id, name) select id, 'Site ' || id from unnest($1::int[]) id returning id
     ), allowed as (
       insert into memberships (user_id, site_id, role) select $2, id, 'operator' from made
     ) insert into visitors (site_id, ghost_vid, first_seen, last_seen) select id, 'gv_' || id, now(), now() from made`,
    [ids, user.id],
  )
  return ids
}

/** Exports the visitor of such a site. */
export function exportOfSite(stack: Stack, siteId: number, prefer?: string): Promise<ApiResponse> {
  const body = exportBody(stack, { siteId, ghost_vid: `gv_${siteId}` })
  return callApi(stack, '/api/webhook', { body, headers: prefer === undefined ? {} : { prefer } })
}

/** Counts the deliveries in a state. */
export function countInState({ database }: Pick<Stack, 'database'>, state: string): Promise<number> {
  return database.prisma.delivery.count({ where: { state } })
}
