import type { VisitorProfile } from '@ghostpost/delivery/visitors'
import type { Database } from '../connection/open-database.ts'
import { profileOf, profileSql, type ProfileRow } from './claimed-profile.ts'

const sql = `
  select ${profileSql('w.id')} as profile
  from visitors w
  where w.site_id = $1
    and w.ghost_vid = $2`

interface ReadRow {
  profile: ProfileRow | null
}

/** A visitor as an export would read it now; null when the site has none with this id. */
export async function readProfile(
  { pool }: Pick<Database, 'pool'>,
  siteId: number,
  ghostVid: string,
): Promise<VisitorProfile | null> {
  const { rows } = await pool.query<ReadRow>(sql, [siteId, ghostVid])
  const profile = rows[0]?.profile ?? null
  return profile && profileOf(profile)
}
