import type { FindVisitor } from '@ghostpost/delivery'
import type { Database } from './open-database.ts'

const findVisitorSql = `
  select m.site_id, v.id
  from memberships m
  left join visitors v on v.site_id = m.site_id and v.ghost_vid = $3
  where m.user_id = $1 and m.site_id = $2`

/** One read decides both: no membership row means that, to this user, the site does not exist. */
export function findVisitor({ pool }: Database): FindVisitor {
  return async ({ userId, siteId, ghostVid }) => {
    const { rows } = await pool.query<{ site_id: number; id: string | null }>({
      name: 'find-visitor',
      text: findVisitorSql,
      values: [userId, siteId, ghostVid],
    })
    const row = rows[0]
    if (!row) return { kind: 'site_not_found' }
    return row.id === null ? { kind: 'visitor_not_found' } : { kind: 'found', visitorId: BigInt(row.id) }
  }
}
