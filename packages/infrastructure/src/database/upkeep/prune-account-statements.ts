import { batch, type PruneStatement } from './prune-statement.ts'

/** What remains of people's sessions, links and API keys. */
export const accountStatements: readonly PruneStatement[] = [
  {
    name: 'sessions',
    retentionDays: () => null,
    sql: `
      delete from sessions
      where token_hash = any(array(
        select token_hash
        from sessions
        where expires_at < now()
        order by expires_at
        limit ${batch}
        for update skip locked
      ))`,
  },
  {
    name: 'links of accounts',
    retentionDays: () => null,
    // The links of the last hour are counted.
    sql: `
      delete from account_links
      where token_hash = any(array(
        select token_hash
        from account_links
        where expires_at < now() - interval '1 day'
        order by expires_at
        limit ${batch}
        for update skip locked
      ))`,
  },
  {
    name: 'API keys',
    retentionDays: () => null,
    // People see for a month that a key has ended.
    sql: `
      delete from api_keys
      where id = any(array(
        select id
        from api_keys
        where least(expires_at, revoked_at) < now() - interval '30 days'
        order by least(expires_at, revoked_at)
        limit ${batch}
        for update skip locked
      ))`,
  },
]
