import { recordEmail, claimEmail } from '@ghostpost/infrastructure/database/alerts'
import { openMailer } from '@ghostpost/infrastructure/email'
import type { Resources } from '@ghostpost/infrastructure/process'
import { repeatEvery, type PeriodicTask } from './repeat-every.ts'

const pollMs = 1_000

/** Sends the due e-mails of alerts, one after the other. Without a mail server, and while the installation is held, it
 * does nothing. */
export function sendEmails({ database, settings, log }: Resources): PeriodicTask {
  const mailer = settings.GHOSTPOST_HOLD ? null : openMailer(settings)
  if (mailer === null) return { stop: async () => {} }
  return repeatEvery('sending e-mails', pollMs, log, async (stop) => {
    while (!stop.aborted) {
      const email = await claimEmail(database)
      if (email === null) return
      const outcome = await mailer.send({ ...email, id: email.alertId })
      const { state, error } = await recordEmail(database, email, outcome)
      const logFields = { alert_id: email.alertId, try: email.tryNumber, recipients: email.to.length, error }
      if (state === 'sent') log.info({ event: 'email_sent', ...logFields }, 'alert e-mail sent')
      else log.warn({ event: 'email_not_sent', ...logFields, state }, 'alert e-mail not sent')
    }
  })
}
