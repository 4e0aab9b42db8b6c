import type { EmailOutcome } from '@ghostpost/delivery/alerts'

/** The fields of a nodemailer error, https://nodemailer.com/smtp#error-codes. */
interface MailError {
  code?: string
  responseCode?: number
}

const sentences: Readonly<Record<string, string>> = {
  EAUTH: 'The mail server refuses the sign-in: check the user and the password in GHOSTPOST_SMTP_URL.',
  ENOAUTH: 'The mail server requires a sign-in: put the user and the password into GHOSTPOST_SMTP_URL.',
  EDNS: 'DNS does not resolve the name of the mail server: check GHOSTPOST_SMTP_URL.',
  ETLS: 'TLS with the mail server failed: check its certificate, and smtp:// or smtps:// in GHOSTPOST_SMTP_URL.',
  ESOCKET:
    'The connection to the mail server failed: check the host, the port and smtps:// in GHOSTPOST_SMTP_URL.',
  ETIMEDOUT: 'The mail server did not respond in time.',
  ECONNECTION: 'The mail server closed the connection.',
  EENVELOPE:
    'The mail server refuses the sender or the recipients: check GHOSTPOST_SMTP_FROM and the addresses.',
  EMESSAGE: 'The mail server refuses the message.',
}

/** Errors about this message are final. Errors about the sign-in or the server may be repaired before the next try. */
const messageErrorCodes: ReadonlySet<string> = new Set(['EENVELOPE', 'EMESSAGE'])

/** Explains an error in fixed sentences: the text of a mail server may contain addresses and names. */
export function explainMailError(error: unknown): EmailOutcome {
  const { code = '', responseCode } = (error ?? {}) as MailError
  const status = responseCode === undefined ? '' : ` (${responseCode})`
  const sentence = sentences[code] ?? `The e-mail could not be sent${code === '' ? '' : ` (${code})`}.`
  const isFinal = messageErrorCodes.has(code) && responseCode !== undefined && responseCode >= 500
  return { kind: 'not_sent', error: `${sentence}${status}`, isFinal }
}
