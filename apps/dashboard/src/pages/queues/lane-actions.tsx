import type { SystemView } from '@ghostpost/delivery/contract/system'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { Field } from '../../ui/field.tsx'
import { formText } from '../../ui/form-text.ts'
import { systemKey } from '../system/use-system.ts'

const refusal = 'A lane is shared by all sites: this needs the role admin in every one.'

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
        aria-label={`${isPaused ? 'Resume' : 'Hold'} ${lane}`}
      >
        {isPaused ? 'Resume' : 'Hold …'}
      </Button>
      {isOpen && isPaused && (
        <ConfirmDialog
          title={`Let the lane ${lane} go on?`}
          verb="Resume"
          onConfirm={() => api.resumeLane(lane)}
          onDone={done}
          onClose={close}
        >
          Workers take from it again within two seconds, at their usual pace.
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
    <Dialog title={`Hold the lane ${lane}?`} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          pause.mutate(formText(new FormData(event.currentTarget), 'reason').trim())
        }}
      >
        <p>
          For all sites. Within two seconds no worker takes anything of it; what is being sent settles, and
          what comes is kept.
        </p>
        <Field label="Why (shown to everybody)">
          {(id) => <input id={id} name="reason" required maxLength={500} autoComplete="off" />}
        </Field>
        {pause.error && <FailureNotice error={pause.error} />}
        <DialogActions>
          <Button onClick={onClose}>Close</Button>
          <Button type="submit" look="primary" busy={pause.isPending}>
            Hold
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
