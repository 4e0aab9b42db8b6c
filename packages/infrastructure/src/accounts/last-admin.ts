import type { Queries } from './managed-account.ts'

/** Accounts that can sign in. An invitation that nobody accepted manages nothing. */
const canSignInSql = (user: string): string => `
      ${user}.disabled_at is null
      and (
        ${user}.password_hash <> ''
        or exists (
          select
          from oidc_identities i
          where i.user_id = ${user}.id
        )
      )`

const isAdminEverywhereSql = (user: string): string => `not exists (
        select
        from sites s
        where not exists (
          select
          from memberships m
          where m.site_id = s.id
            and m.user_id = ${user}.id
            and m.role = 'admin'
        )
      )`

const lastAdminSql = `
  select
    exists (
      select
      from memberships m
      where m.user_id = u.id
        and m.site_id = any($2::int[])
        and m.role = 'admin'
        and not exists (
          select
          from memberships others
          join users o on o.id = others.user_id
          where others.site_id = m.site_id
            and others.role = 'admin'
            and o.id <> u.id
            and ${canSignInSql('o')}
        )
    ) as of_site,
    ${isAdminEverywhereSql('u')}
    and not exists (
      select
      from users o
      where o.id <> u.id
        and ${canSignInSql('o')}
        and ${isAdminEverywhereSql('o')}
    ) as of_all_sites
  from users u
  where u.id = $1
    and ${canSignInSql('u')}`

/**
 * Whether an account is the last one that can sign in and is admin of one of these sites, or of every site. Run it in
 * the transaction of the change that takes this away, before the change.
 */
export async function isLastAdmin(
  queries: Queries,
  userId: string,
  siteIds: readonly number[],
): Promise<boolean> {
  const values = [userId, siteIds]
  const { rows } = await queries.query<{ of_site: boolean; of_all_sites: boolean }>(lastAdminSql, values)
  return rows[0] !== undefined && (rows[0].of_site || rows[0].of_all_sites)
}
