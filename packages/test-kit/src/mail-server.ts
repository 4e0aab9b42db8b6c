import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

export interface ReceivedEmail {
  from: string
  to: string[]
  /** The raw message. */
  raw: string
  /** Returns an unfolded header by its lower-case name; null when it is missing. */
  header: (name: string) => string | null
  /** The body, decoded from quoted-printable. */
  text: string
}

export interface MailServer {
  /** Value of GHOSTPOST_SMTP_URL, with user and password when the server requires them. */
  url: string
  emails: ReceivedEmail[]
  /** Refuses the next message once with a status such as 451. */
  refuseNext: (...statuses: number[]) => void
  stop: () => Promise<void>
}

export interface MailServerOptions {
  /** Credentials of the only sender; without them everybody may send. */
  account?: { user: string; password: string }
  /** Recipients that the server refuses. */
  unknown?: readonly string[]
}

/** Starts a real SMTP server without TLS on its own port; it stores the received messages. */
export async function startMailServer({
  account,
  unknown = [],
}: MailServerOptions = {}): Promise<MailServer> {
  const emails: ReceivedEmail[] = []
  const refusals: number[] = []
  const server = new SMTPServer({
    authOptional: account === undefined,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS', ...(account ? [] : ['AUTH'])],
    disableReverseLookup: true,
    closeTimeout: 1_000,
    logger: false,
    ...handlersOf(emails, refusals, unknown, account),
  })
  server.on('error', () => {})
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as AddressInfo
  const sender = account ? `${encodeURIComponent(account.user)}:${encodeURIComponent(account.password)}@` : ''
  return {
    url: `smtp://${sender}127.0.0.1:${port}`,
    emails,
    refuseNext: (...statuses) => void refusals.push(...statuses),
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

type Handlers = Pick<SMTPServerOptions, 'onAuth' | 'onRcptTo' | 'onData'>

function handlersOf(
  emails: ReceivedEmail[],
  refusals: number[],
  unknown: readonly string[],
  account: MailServerOptions['account'],
): Handlers {
  return {
    onAuth: ({ username, password }, _session, done) => {
      const isKnown = username === account?.user && password === account?.password
      done(isKnown ? null : refusal(535), isKnown ? { user: username } : undefined)
    },
    onRcptTo: ({ address }, _session, done) => done(unknown.includes(address) ? refusal(550) : null),
    onData: (stream, { envelope }, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => void chunks.push(chunk))
      stream.on('end', () => {
        const status = refusals.shift()
        if (status !== undefined) return done(refusal(status))
        const from = envelope.mailFrom ? envelope.mailFrom.address : ''
        const to = envelope.rcptTo.map(({ address }) => address)
        emails.push(readEmail(from, to, Buffer.concat(chunks).toString('utf8')))
        done()
      })
    },
  }
}

function refusal(responseCode: number): Error {
  return Object.assign(new Error('No.'), { responseCode })
}

function readEmail(from: string, to: string[], raw: string): ReceivedEmail {
  const [head = '', ...rest] = raw.split('\r\n\r\n')
  const lines = head.replaceAll(/\r\n[ \t]+/g, ' ').split('\r\n')
  const headers = new Map(
    lines.map((line) => {
      const at = line.indexOf(':')
      return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()]
    }),
  )
  const header = (name: string): string | null => headers.get(name) ?? null
  const body = rest.join('\r\n\r\n')
  const encoding = header('content-transfer-encoding')
  return { from, to, raw, header, text: encoding === 'quoted-printable' ? decodeQuotedPrintable(body) : body }
}

/** RFC 2045 §6.7. */
function decodeQuotedPrintable(text: string): string {
  const bytes = text
    .replaceAll(/=\r\n/g, '')
    .replaceAll(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
