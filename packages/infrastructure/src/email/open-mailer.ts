import { hostname } from 'node:os'
import type { EmailOutcome } from '@ghostpost/delivery/alerts'
import { createTransport } from 'nodemailer'
import type { Settings } from '../config/load-settings.ts'
import { explainMailError } from './explain-mail-error.ts'

interface OutgoingEmail {
  /** The same for every try, so that a recipient's mail program recognises a repeated e-mail. */
  id: string
  to: readonly string[]
  subject: string
  /** Plain text. */
  body: string
}

export interface Mailer {
  /** Sends an e-mail to the mail server. Never rejects: a failure is an outcome. */
  send: (email: OutgoingEmail) => Promise<EmailOutcome>
}

const connectTimeoutMs = 10_000
const silenceTimeoutMs = 20_000

/** Opens the mail server of the settings; null when none is set. Uses a new connection for each e-mail. */
export function openMailer({ mail }: Pick<Settings, 'mail'>): Mailer | null {
  if (mail === null) return null
  const transport = createTransport({
    url: mail.url,
    connectionTimeout: connectTimeoutMs,
    greetingTimeout: connectTimeoutMs,
    dnsTimeout: connectTimeoutMs,
    socketTimeout: silenceTimeoutMs,
    // No part of an alert may make nodemailer read a file or an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    send: async ({ id, to, subject, body }) => {
      try {
        const { rejected } = await transport.sendMail({
          from: mail.from,
          to: to.map((address) => ({ name: '', address })),
          subject,
          text: body,
          messageId: `<${id}@${domainOf(mail.from)}>`,
          // RFC 3834 §5: vacation responders do not reply to such an e-mail.
          headers: { 'auto-submitted': 'auto-generated' },
        })
        return { kind: 'sent', refused: rejected?.length ?? 0 }
      } catch (error) {
        return explainMailError(error)
      }
    },
  }
}

function domainOf(from: string): string {
  return /@([^\s<>@]+)>?$/.exec(from)?.[1] ?? hostname()
}
