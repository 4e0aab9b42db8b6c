import type { OperationView } from '@ghostpost/delivery/contract/operations'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api.ts'
import { useRefusal } from '../../session/session.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { Dialog } from '../../ui/dialog.tsx'

/** Pause, resume and cancel. */
export function OperationActions({ operation }: { operation: OperationView }) {
  const { operation_id: id, state } = operation
  const [isCancelling, setCancelling] = useState(false)
  const refusal = useRefusal('operator')
  const client = useQueryClient()
  const show = (changed: OperationView): void => {
    client.setQueryData(['operation', id], changed)
    void client.invalidateQueries({ queryKey: ['operations'] })
    setCancelling(false)
  }
  const change = useMutation({
    mutationFn: (to: 'pause' | 'resume') =>
      to === 'pause' ? api.pauseOperation(id) : api.resumeOperation(id),
    onSuccess: show,
  })
  if (state !== 'running' && state !== 'paused') return null
  return (
    <>
      {state === 'running' ? (
        <Button refusal={refusal} busy={change.isPending} onClick={() => change.mutate('pause')}>
          Pause
        </Button>
      ) : (
        <Button
          look="primary"
          refusal={refusal}
          busy={change.isPending}
          onClick={() => change.mutate('resume')}
        >
          Resume
        </Button>
      )}
      <Button refusal={refusal} onClick={() => setCancelling(true)}>
        Cancel …
      </Button>
      {change.error && (
        <Dialog title="The operation was not changed" onClose={() => change.reset()}>
          <FailureNotice error={change.error} />
        </Dialog>
      )}
      {isCancelling && (
        <ConfirmDialog
          title="Cancel this operation?"
          verb="Cancel the operation"
          danger
          onConfirm={() => api.cancelOperation(id)}
          onDone={show}
          onClose={() => setCancelling(false)}
        >
          Members that were not started are not sent. Delivered members stay delivered. The ledger shows the
          outcome of each.
        </ConfirmDialog>
      )}
    </>
  )
}
