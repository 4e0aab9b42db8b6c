import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { Field } from '../../ui/field.tsx'
import { formText } from '../../ui/form-text.ts'
import type { ChangeDestination } from './use-change.ts'

export function PauseDialog({ change, onClose }: { change: ChangeDestination; onClose: () => void }) {
  return (
    <Dialog title="Pause this destination?" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          const reason = formText(new FormData(event.currentTarget), 'reason').trim()
          change.mutate({ state: 'paused', state_reason: reason === '' ? null : reason })
        }}
      >
        <p>Deliveries to it wait until it is enabled again. None is lost, and waiting spends no attempt.</p>
        <Field label="Why (for those who wonder)">
          {(id) => <input id={id} name="reason" maxLength={500} autoComplete="off" />}
        </Field>
        {change.error && <FailureNotice error={change.error} />}
        <DialogActions>
          <Button onClick={onClose}>Close</Button>
          <Button type="submit" look="primary" busy={change.isPending}>
            Pause
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
