import { nextEmailDelayMs, type EmailOutcome } from '@ghostpost/delivery/alerts'
import type { AlertEmailView } from '@ghostpost/delivery/contract/alerts'
import type { Database } from '../connection/open-database.ts'

/** An e-mail that one caller has claimed. */
export interface DueEmail {
  alertId: string
  to: readonly string[]
  subject: string
  body: string
  /** Number of this try, from 1. Each claim increases it. */
  tryNumber: number
}

/** Lease of a claim: longer than the timeout of the mail server. When it ends, another worker claims the e-mail. */
export const emailLeaseMs = 120_000

// `email_due_at` is rounded to milliseconds: an e-mail that is due now may have a time half a millisecond from now.
const claimEmailSql = `
  update alerts
  set
    email_attempts = email_attempts + 1,
    email_due_at = now() + $2 * interval '1 ms'
  where id = (
    select id
    from alerts
    where email_due_at is not null
      and (
        id = $1
        or ($1::uuid is null and email_due_at <= now() + interval '1 ms')
      )
    order by email_due_at
    limit 1
    for update skip locked
  )
  returning
    id,
    email_to,
    subject,
    body,
    email_attempts`

interface EmailRow {
  id: string
  email_to: string[]
  subject: string
  body: string
  email_attempts: number
}

/**
 * Claims the e-mail that is due the longest. Until it is recorded, or for `emailLeaseMs`, nobody else sends it.
 * @param alertId claims the e-mail of this alert, even before it is due
 * @returns null when no e-mail is due
 */
export async function claimEmail(
  { pool }: Pick<Database, 'pool'>,
  alertId: string | null = null,
): Promise<DueEmail | null> {
  const { rows } = await pool.query<EmailRow>(claimEmailSql, [alertId, emailLeaseMs])
  const row = rows[0]
  if (!row) return null
  return {
    alertId: row.id,
    to: row.email_to,
    subject: row.subject,
    body: row.body,
    tryNumber: row.email_attempts,
  }
}

const recordEmailSql = `
  update alerts
  set
    email_state = $3,
    email_error = $4,
    email_due_at = now() + $5::int * interval '1 ms'
  where id = $1
    and email_attempts = $2
    and email_state = 'waiting'`

/** Records the outcome of a try. It changes nothing when somebody else has claimed the e-mail since. */
export async function recordEmail(
  { pool }: Pick<Database, 'pool'>,
  { alertId, tryNumber }: DueEmail,
  outcome: EmailOutcome,
): Promise<AlertEmailView> {
  const delayMs = nextEmailDelayMs(outcome, tryNumber)
  const error = errorOf(outcome)
  const after = delayMs === null ? 'failed' : 'waiting'
  const state = outcome.kind === 'sent' ? 'sent' : after
  await pool.query(recordEmailSql, [alertId, tryNumber, state, error, delayMs])
  return { state, error }
}

function errorOf(outcome: EmailOutcome): string | null {
  if (outcome.kind === 'not_sent') return outcome.error
  return outcome.refused === 0 ? null : `The mail server refused ${outcome.refused} of the addresses.`
}
