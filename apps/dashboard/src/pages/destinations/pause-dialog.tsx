import { Field } from '../../ui/field.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import type { ChangeDestination } from './use-change.ts'

export function PauseDialog({ change, onClose }: { change: ChangeDestination; onClose: () => void }) {
  return (
    <FormDialog
      title="Pause this destination?"
      verb="Pause"
      request={change}
      onSubmit={(fieldText) => {
        const reason = fieldText('reason').trim()
        change.mutate({ state: 'paused', state_reason: reason === '' ? null : reason })
      }}
      onClose={onClose}
    >
      <p>
        Its deliveries wait until somebody enables it again. No delivery is lost, and waiting uses no attempt.
      </p>
      <Field label="Reason (shown on its page)">
        {(id) => <input id={id} name="reason" maxLength={500} autoComplete="off" />}
      </Field>
    </FormDialog>
  )
}
