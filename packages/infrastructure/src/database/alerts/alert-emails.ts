import { nextEmailDelayMs, type EmailOutcome } from '@ghostpost/delivery/alerts'
import type { AlertEmailView } from '@ghostpost/delivery/contract/alerts'
import type { Database } from '../connection/open-database.ts'

/** An e-mail that is due, held by who took it. */
export interface DueEmail {
  alertId: string
  to: readonly string[]
  subject: string
  body: string
  /** Number of this try, from 1; who took it later has a higher one. */
  tryNumber: number
}

/** Longer than a mail server is waited for: then who took it has died, and somebody else sends it. */
export const emailLeaseMs = 120_000

// A millisecond more: times are kept rounded to milliseconds, so what is due now may stand as due in half of one.
const claimSql = `
  update alerts set email_attempts = email_attempts + 1, email_due_at = now() + $2 * interval '1 ms'
  where id = (
    select id from alerts where email_due_at is not null and ($1::uuid is null and email_due_at <= now() + interval '1 ms' or id = $1)
    order by email_due_at limit 1 for update skip locked)
  returning id, email_to, subject, body, email_attempts`

interface EmailRow {
  id: string
  email_to: string[]
  subject: string
  body: string
  email_attempts: number
}

/**
 * Takes the e-mail that is due the longest: nobody else sends it until it is recorded, or `emailHeldMs` are over.
 * @param alertId that of this alert alone, due or not
 */
export async function claimEmail(
  { pool }: Pick<Database, 'pool'>,
  alertId: string | null = null,
): Promise<DueEmail | null> {
  const { rows } = await pool.query<EmailRow>(claimSql, [alertId, emailLeaseMs])
  const row = rows[0]
  return row
    ? {
        alertId: row.id,
        to: row.email_to,
        subject: row.subject,
        body: row.body,
        tryNumber: row.email_attempts,
      }
    : null
}

const recordSql = `
  update alerts set email_state = $3, email_error = $4, email_due_at = now() + $5::int * interval '1 ms'
  where id = $1 and email_attempts = $2 and email_state = 'waiting'
  returning 1`

/** Writes down what became of a try; what somebody else has tried since is left alone. */
export async function recordEmail(
  { pool }: Pick<Database, 'pool'>,
  { alertId, tryNumber }: DueEmail,
  outcome: EmailOutcome,
): Promise<AlertEmailView> {
  const delayMs = nextEmailDelayMs(outcome, tryNumber)
  const error = errorOf(outcome)
  const after = delayMs === null ? 'failed' : 'waiting'
  const state = outcome.kind === 'sent' ? 'sent' : after
  await pool.query(recordSql, [alertId, tryNumber, state, error, delayMs])
  return { state, error }
}

function errorOf(outcome: EmailOutcome): string | null {
  if (outcome.kind === 'not_sent') return outcome.error
  return outcome.refused === 0 ? null : `The mail server refuses ${outcome.refused} of the addresses.`
}
