import { recordEmail, takeEmail } from '@ghostpost/infrastructure/database/alerts'
import { openMailer } from '@ghostpost/infrastructure/email'
import type { Resources } from '@ghostpost/infrastructure/process'
import { repeatEvery, type Repeating } from './repeat-every.ts'

const lookEveryMs = 1_000

/** Sends the e-mails that are due, one after the other: alerts are few. Without a mail server there are none. */
export function sendEmails({ database, settings, log }: Resources): Repeating {
  const mailer = openMailer(settings)
  if (mailer === null) return { stop: async () => {} }
  return repeatEvery('sending e-mails', lookEveryMs, log, async (stop) => {
    while (!stop.aborted) {
      const due = await takeEmail(database)
      if (due === null) return
      const outcome = await mailer.send({ ...due, id: due.alertId })
      const { state, error } = await recordEmail(database, due, outcome)
      const about = { alert_id: due.alertId, try: due.tryNumber, recipients: due.to.length, error }
      if (state === 'sent') log.info({ event: 'email_sent', ...about }, 'an alert was sent by e-mail')
      else log.warn({ event: 'email_not_sent', ...about, state }, 'an alert could not be sent by e-mail')
    }
  })
}
