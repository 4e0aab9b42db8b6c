import { openMailer, type Mailer } from '@ghostpost/infrastructure/email'
import { startMailServer, type MailServer, type MailServerOptions } from '@ghostpost/test-kit/mail-server'
import { afterEach, describe, expect, test } from 'vitest'

let server: MailServer | undefined

afterEach(async () => {
  await server?.stop()
  server = undefined
})

const from = 'Ghostpost <alerts@example.com>'
const email = {
  id: '0193aaaa-0000-7000-8000-000000000001',
  to: ['ada@example.com', 'bob@example.com'],
  subject: '[Ghostpost] Firing: Zu viele Fehler – größer als 20 %',
  body: 'Zeile eins\n• 50 × hooks.example.com\n.\nLook: https://ghostpost.example.com/ops/deliveries?site=4&from=x\n',
}

async function mailerTo(options: MailServerOptions = {}): Promise<Mailer> {
  server = await startMailServer(options)
  return mailer(server.url)
}

function mailer(url: string): Mailer {
  const opened = openMailer({ mail: { url, from } })
  if (!opened) throw new Error('there is no mailer')
  return opened
}

describe('an e-mail', () => {
  test('arrives as it was written, from and to whom it should, marked as made by a program', async () => {
    const { send } = await mailerTo()
    expect(await send(email)).toEqual({ kind: 'sent', refused: 0 })
    const [received] = server?.emails ?? []
    expect(received).toMatchObject({ from: 'alerts@example.com', to: email.to })
    expect(received?.text.replaceAll('\r\n', '\n')).toBe(email.body)
    expect(received?.header('message-id')).toBe('<0193aaaa-0000-7000-8000-000000000001@example.com>')
    expect(received?.header('auto-submitted')).toBe('auto-generated')
    expect(received?.header('subject')).toMatch(/^=\?UTF-8\?/)
  })

  test('that is sent twice has the same id both times', async () => {
    const { send } = await mailerTo()
    await send(email)
    await send(email)
    const ids = server?.emails.map((one) => one.header('message-id')) ?? []
    expect(ids).toHaveLength(2)
    expect(new Set(ids).size).toBe(1)
  })

  test('cannot be given headers or recipients by its subject', async () => {
    const { send } = await mailerTo()
    await send({ ...email, subject: 'a\r\nBcc: eve@example.com\r\n\r\nb' })
    const [received] = server?.emails ?? []
    expect(received?.to).toEqual(email.to)
    expect(received?.header('bcc')).toBeNull()
  })

  test('signs in where the mail server wants that, whatever the password holds', async () => {
    const account = { user: 'alerts@example.com', password: 'p@ss:w/rd %#' }
    const { send } = await mailerTo({ account })
    expect(await send(email)).toEqual({ kind: 'sent', refused: 0 })
  })
})

describe('what goes wrong', () => {
  test('with some addresses is told, and the others get it', async () => {
    const { send } = await mailerTo({ unknown: ['bob@example.com'] })
    expect(await send(email)).toEqual({ kind: 'sent', refused: 1 })
    expect(server?.emails).toMatchObject([{ to: ['ada@example.com'] }])
  })

  test('with all addresses is final', async () => {
    const { send } = await mailerTo({ unknown: email.to })
    expect(await send(email)).toEqual({
      kind: 'not_sent',
      error:
        'The mail server refuses the sender or the recipients: check GHOSTPOST_SMTP_FROM and the addresses. (550)',
      isFinal: true,
    })
  })

  test.each([
    [451, false],
    [554, true],
  ])('when the message is refused with %i is final: %s', async (status, isFinal) => {
    const { send } = await mailerTo()
    server?.refuseNext(status)
    expect(await send(email)).toEqual({
      kind: 'not_sent',
      error: `The mail server refuses the message. (${status})`,
      isFinal,
    })
  })

  test('with the sign-in says so, without the password', async () => {
    server = await startMailServer({ account: { user: 'ada', password: 'right' } })
    const outcome = await mailer(server.url.replace('right', 'planted-secret')).send(email)
    expect(outcome).toMatchObject({ kind: 'not_sent', isFinal: false })
    expect(JSON.stringify(outcome)).toContain('refuses the sign-in')
    expect(JSON.stringify(outcome)).not.toContain('planted-secret')
  })

  test('where nobody listens says so', async () => {
    const gone = await startMailServer()
    await gone.stop()
    expect(await mailer(gone.url).send(email)).toEqual({
      kind: 'not_sent',
      error: 'The connection to the mail server failed: check the host, the port and smtps:// in GHOSTPOST_SMTP_URL.',
      isFinal: false,
    })
  })

  test('where no TLS is to be had although it is wanted is not passed over', async () => {
    server = await startMailServer()
    const outcome = await mailer(`${server.url}/?requireTLS=true`).send(email)
    expect(outcome).toMatchObject({ kind: 'not_sent', error: expect.stringContaining('No TLS') })
    expect(server.emails).toEqual([])
  })
})

test('without a mail server there is no mailer', () => {
  expect(openMailer({ mail: null })).toBeNull()
})
