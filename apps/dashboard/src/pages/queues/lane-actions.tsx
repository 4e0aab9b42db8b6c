import type { SystemView } from '@ghostpost/delivery/contract/system'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { systemKey } from '../system/use-system.ts'

const refusal = 'All sites share a lane: this needs the role admin in every site.'

interface LaneActionsProps {
  lane: NonNullable<SystemView['lanes']>[number]['lane']
  isPaused: boolean
  mayPause: boolean
}

export function LaneActions({ lane, isPaused, mayPause }: LaneActionsProps) {
  const [isOpen, setOpen] = useState(false)
  const client = useQueryClient()
  const close = (): void => setOpen(false)
  const done = (system: SystemView): void => {
    client.setQueryData(systemKey, system)
    close()
  }
  return (
    <>
      <Button
        refusal={mayPause ? null : refusal}
        onClick={() => setOpen(true)}
        aria-label={`${isPaused ? 'Resume' : 'Pause'} ${lane}`}
      >
        {isPaused ? 'Resume' : 'Pause …'}
      </Button>
      {isOpen && isPaused && (
        <ConfirmDialog
          title={`Resume the lane ${lane}?`}
          verb="Resume"
          onConfirm={() => api.resumeLane(lane)}
          onDone={done}
          onClose={close}
        >
          Within two seconds, workers take jobs from this lane again at their normal rate.
        </ConfirmDialog>
      )}
      {isOpen && !isPaused && <PauseLaneDialog lane={lane} onDone={done} onClose={close} />}
    </>
  )
}

function PauseLaneDialog(props: {
  lane: LaneActionsProps['lane']
  onDone: (system: SystemView) => void
  onClose: () => void
}) {
  const { lane, onDone, onClose } = props
  const pause = useMutation({
    mutationFn: (reason: string) => api.pauseLane(lane, reason),
    onSuccess: onDone,
  })
  return (
    <FormDialog
      title={`Pause the lane ${lane}?`}
      verb="Pause"
      request={pause}
      onSubmit={(fieldText) => pause.mutate(fieldText('reason').trim())}
      onClose={onClose}
    >
      <p>
        This affects all sites. Within two seconds, workers take no more jobs from this lane. Requests in
        flight finish, and new deliveries are stored.
      </p>
      <Field label="Reason (shown to everybody)">
        {(id) => <input id={id} name="reason" required maxLength={500} autoComplete="off" />}
      </Field>
    </FormDialog>
  )
}
