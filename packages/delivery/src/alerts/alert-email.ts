import { formatCause, type AlertMessage } from './format-alert.ts'
import { clipText, lineOf } from '../text/clip-text.ts'

/** The e-mail of an alert. The database stores it until it is sent. */
export interface AlertEmail {
  subject: string
  /** Plain text. */
  body: string
}

const subjectLengthMax = 200

export function alertEmail({ headline, summary, causes, link, rule }: AlertMessage): AlertEmail {
  const lines = causes.map((cause) => `- ${formatCause(cause)}`)
  return {
    subject: clipText(lineOf(`[Ghostpost] ${headline}`) ?? '', subjectLengthMax),
    body: [
      summary,
      ...(lines.length > 0 ? ['', 'Most frequent causes:', ...lines] : []),
      '',
      `Details: ${link}`,
      '',
      `Site: ${rule.siteName} (${rule.siteId})`,
      `Rule: ${rule.name} (${rule.kind})`,
      '',
    ].join('\n'),
  }
}

/** The mail server's response to an e-mail. */
export type EmailOutcome =
  | { kind: 'sent'; /** How many addresses the mail server refused. */ refused: number }
  | { kind: 'not_sent'; error: string; isFinal: boolean }

const minute = 60_000

/** The wait after try 1, 2, 3 … The last try is after less than four hours, because a later alert is of no use. */
const retryDelaysMs: readonly number[] = [
  minute / 2,
  2 * minute,
  10 * minute,
  30 * minute,
  60 * minute,
  120 * minute,
]

/**
 * The wait before the next try, in milliseconds; null when no try follows.
 * @param triesMade at least 1
 */
export function nextEmailDelayMs(outcome: EmailOutcome, triesMade: number): number | null {
  if (outcome.kind === 'sent' || outcome.isFinal) return null
  return retryDelaysMs[triesMade - 1] ?? null
}
