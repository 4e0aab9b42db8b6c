import { Link } from '@tanstack/react-router'
import type { TestedDestination } from '../../api.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { formatDuration } from '../../ui/format-time.ts'

/** The result of a test delivery. */
export function TestResult({ tested, onClose }: { tested: TestedDestination; onClose: () => void }) {
  const { attempt, delivery, waits_for: waitsFor, setup } = tested
  return (
    <Dialog title="Test result" onClose={onClose}>
      {!attempt && (
        <Notice tone="warn">
          No attempt was made yet{waitsFor ? `: ${waitsFor.text}` : '; the delivery’s page shows why.'}
        </Notice>
      )}
      {attempt && attempt.decision === 'delivered' && (
        <Notice tone="good">
          Delivered: the receiver responded with {attempt.response_status} within{' '}
          {formatDuration(attempt.duration_ms)}.
        </Notice>
      )}
      {attempt && attempt.decision !== 'delivered' && (
        <Notice tone="bad">
          <p>{attempt.error?.message ?? attempt.outcome}</p>
          {attempt.error?.remedy && <p>{attempt.error.remedy}</p>}
        </Notice>
      )}
      {setup.map((problem) => (
        <Notice key={problem} tone="warn">
          {problem}
        </Notice>
      ))}
      <DialogActions>
        <Link to="/deliveries/$id" params={{ id: delivery.delivery_id }} className={buttonClass()}>
          Show the delivery
        </Link>
        <Button onClick={onClose}>Close</Button>
      </DialogActions>
    </Dialog>
  )
}
