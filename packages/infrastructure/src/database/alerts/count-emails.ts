import type { EmailBound } from '@ghostpost/delivery/alerts'
import type { PoolClient } from 'pg'

// One statement decides and counts, so that processes cannot exceed the bound together.
const countEmailsSql = `
  insert into email_counts (hour, subject, emails)
  select
    date_trunc('hour', now()),
    $1,
    $2::int
  where $2::int <= $3
  on conflict (hour, subject) do update
  set emails = email_counts.emails + excluded.emails
  where email_counts.emails + excluded.emails <= $3
  returning emails`

/**
 * Counts e-mails in the caller's transaction. Returns false at the first bound that they would exceed; the bounds
 * before it have then counted them.
 */
export async function countEmails(client: PoolClient, bounds: readonly EmailBound[]): Promise<boolean> {
  for (const { subject, add, max } of bounds) {
    const { rows } = await client.query<{ emails: number }>(countEmailsSql, [subject, add, max])
    if (rows.length === 0) return false
  }
  return true
}
