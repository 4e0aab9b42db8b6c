import { Link } from '@tanstack/react-router'
import type { TestedAlert } from '../../api.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'

/** The result of a test, for the destination and for e-mail. */
export function AlertTestResult({ tested, onClose }: { tested: TestedAlert; onClose: () => void }) {
  const { delivery, email } = tested
  return (
    <Dialog title="Test result" onClose={onClose}>
      {delivery && <Delivered tested={tested} />}
      {email && <Mailed email={email} />}
      {!delivery && !email && (
        <Notice tone="bad">Nobody was notified: the rule has no destination and no e-mail address.</Notice>
      )}
      <DialogActions>
        {delivery && (
          <Link to="/deliveries/$id" params={{ id: delivery.delivery_id }} className={buttonClass()}>
            Show the delivery
          </Link>
        )}
        <Button onClick={onClose}>Close</Button>
      </DialogActions>
    </Dialog>
  )
}

function Delivered({ tested: { attempt } }: { tested: TestedAlert }) {
  if (!attempt) return <Notice tone="warn">No attempt was made yet; the delivery’s page shows why.</Notice>
  if (attempt.decision === 'delivered')
    return <Notice tone="good">Delivered: the receiver responded with {attempt.response_status}.</Notice>
  return (
    <Notice tone="bad">
      <p>{attempt.error?.message ?? attempt.outcome}</p>
      {attempt.error?.remedy && <p>{attempt.error.remedy}</p>}
    </Notice>
  )
}

function Mailed({ email: { state, error } }: { email: NonNullable<TestedAlert['email']> }) {
  if (state === 'sent') return <Notice tone="good">The mail server accepted the e-mail. {error}</Notice>
  if (state === 'failed') return <Notice tone="bad">The e-mail was not sent. {error}</Notice>
  return <Notice tone="warn">The e-mail will be retried. {error}</Notice>
}
