import { Link } from '@tanstack/react-router'
import type { TestedDestination } from '../../api.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { formatDuration } from '../../ui/format-time.ts'

/** What the receiver made of the sample. */
export function TestResult({ tested, onClose }: { tested: TestedDestination; onClose: () => void }) {
  const { attempt, delivery } = tested
  return (
    <Dialog title="The test" onClose={onClose}>
      {!attempt && <Notice tone="warn">It has not been tried yet; its page says why.</Notice>}
      {attempt && attempt.decision === 'delivered' && (
        <Notice tone="good">
          Delivered: the receiver answered {attempt.response_status} within{' '}
          {formatDuration(attempt.duration_ms)}.
        </Notice>
      )}
      {attempt && attempt.decision !== 'delivered' && (
        <Notice tone="bad">
          <p>{attempt.error?.message ?? attempt.outcome}</p>
          {attempt.error?.remedy && <p>{attempt.error.remedy}</p>}
        </Notice>
      )}
      <DialogActions>
        <Link to="/deliveries/$id" params={{ id: delivery.delivery_id }} className={buttonClass()}>
          Show the delivery
        </Link>
        <Button onClick={onClose}>Close</Button>
      </DialogActions>
    </Dialog>
  )
}
