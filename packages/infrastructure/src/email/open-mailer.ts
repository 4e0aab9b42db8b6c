import { hostname } from 'node:os'
import type { EmailOutcome } from '@ghostpost/delivery/alerts'
import { createTransport } from 'nodemailer'
import type { Settings } from '../config/load-settings.ts'
import { explainMailError } from './explain-mail-error.ts'

interface OutgoingEmail {
  /** The same for every try, so that who gets it twice can tell. */
  id: string
  to: readonly string[]
  subject: string
  /** Plain text. */
  body: string
}

export interface Mailer {
  /** Hands it to the mail server. Whatever that does comes back as a value. */
  send: (email: OutgoingEmail) => Promise<EmailOutcome>
}

const connectTimeoutMs = 10_000
const silenceTimeoutMs = 20_000

/** The way to the mail server of the settings; null when there is none. A connection lasts for one e-mail. */
export function openMailer({ mail }: Pick<Settings, 'mail'>): Mailer | null {
  if (mail === null) return null
  const transport = createTransport({
    url: mail.url,
    connectionTimeout: connectTimeoutMs,
    greetingTimeout: connectTimeoutMs,
    dnsTimeout: connectTimeoutMs,
    socketTimeout: silenceTimeoutMs,
    // Nothing in an alert is to be read from a file or an address.
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
          // RFC 3834 §5: so that no vacation responder answers.
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
