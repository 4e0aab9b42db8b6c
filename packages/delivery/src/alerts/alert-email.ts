import { lineOf } from '../text/text-line.ts'
import { clipText } from '../text/clip-text.ts'
import { formatCause, type AlertMessage } from './format-alert.ts'

/** An e-mail as it is stored until it is sent. */
export interface AlertEmail {
  subject: string
  /** Plain text. */
  body: string
}

const subjectLengthMax = 200

export function alertEmail({ headline, summary, causes, link, rule }: AlertMessage): AlertEmail {
  const lines = causes.map((cause) => `- ${lineOf(formatCause(cause)) ?? ''}`)
  return {
    subject: clipText(lineOf(`[Ghostpost] ${headline}`) ?? '', subjectLengthMax),
    body: [
      summary,
      ...(lines.length > 0 ? ['', 'Most often:', ...lines] : []),
      '',
      `Look: ${link}`,
      '',
      `Site: ${rule.siteName} (${rule.siteId})`,
      `Rule: ${rule.name} (${rule.kind})`,
      '',
    ].join('\n'),
  }
}

/** What became of handing an e-mail to the mail server. */
export type EmailOutcome =
  | { kind: 'sent'; /** Addresses the mail server would not take. */ refused: number }
  | { kind: 'not_sent'; error: string; isFinal: boolean }

const minute = 60_000

/** The wait after try 1, 2, 3 …: an alert that is half a day late is none. */
const retryDelaysMs: readonly number[] = [
  minute / 2,
  2 * minute,
  10 * minute,
  30 * minute,
  60 * minute,
  120 * minute,
]

/**
 * The wait before the next try, in milliseconds; null when there is none.
 * @param triesMade at least 1
 */
export function nextEmailDelayMs(outcome: EmailOutcome, triesMade: number): number | null {
  if (outcome.kind === 'sent' || outcome.isFinal) return null
  return retryDelaysMs[triesMade - 1] ?? null
}
