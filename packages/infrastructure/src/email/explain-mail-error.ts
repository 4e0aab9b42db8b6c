import type { EmailOutcome } from '@ghostpost/delivery/alerts'

/** What nodemailer says of an error, https://nodemailer.com/smtp#error-codes. */
interface MailError {
  code?: string
  responseCode?: number
}

const sentences: Readonly<Record<string, string>> = {
  EAUTH: 'The mail server refuses the sign-in: check user and password in GHOSTPOST_SMTP_URL.',
  ENOAUTH: 'The mail server wants a sign-in: put user and password into GHOSTPOST_SMTP_URL.',
  EDNS: 'The mail server’s name cannot be resolved: check GHOSTPOST_SMTP_URL.',
  ETLS: 'No TLS with the mail server: check its certificate, and smtp:// or smtps:// in GHOSTPOST_SMTP_URL.',
  ESOCKET: 'No connection to the mail server: check host, port and smtps:// in GHOSTPOST_SMTP_URL.',
  ETIMEDOUT: 'The mail server did not answer in time.',
  ECONNECTION: 'The mail server broke the connection off.',
  EENVELOPE: 'The mail server refuses sender or recipients: check GHOSTPOST_SMTP_FROM and the addresses.',
  EMESSAGE: 'The mail server refuses the message.',
}

/** Only what was said of this very message is final: sign-ins and servers get mended. */
const messageErrorCodes: ReadonlySet<string> = new Set(['EENVELOPE', 'EMESSAGE'])

/** What went wrong in our words: those of servers may repeat addresses and names. */
export function explainMailError(error: unknown): EmailOutcome {
  const { code = '', responseCode } = (error ?? {}) as MailError
  const status = responseCode === undefined ? '' : ` (${responseCode})`
  const sentence = sentences[code] ?? `The e-mail could not be sent${code === '' ? '' : ` (${code})`}.`
  const isFinal = messageErrorCodes.has(code) && responseCode !== undefined && responseCode >= 500
  return { kind: 'not_sent', error: `${sentence}${status}`, isFinal }
}
