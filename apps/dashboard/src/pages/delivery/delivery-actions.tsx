import type { DeliveryView } from '@ghostpost/delivery/contract/delivery'
import { useState } from 'react'
import { api } from '../../api.ts'
import { useRefusal } from '../../session/session.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { curlOf } from './curl-of.ts'
import { EditDialog } from './edit-dialog.tsx'
import { useAfterReplay } from './use-after-replay.ts'

type Action = 'resend' | 're-export' | 'edit' | 'cancel'

const unfinishedRefusal = 'The delivery is not finished; Ghostpost is still trying.'
const finishedRefusal = 'The delivery is finished; there is nothing to cancel.'
const payloadGoneRefusal = 'The payload is no longer stored. Re-export the visitor instead.'

export function DeliveryActions({ delivery, isSettled }: { delivery: DeliveryView; isSettled: boolean }) {
  const [action, setAction] = useState<Action | null>(null)
  const refusal = useRefusal('operator')
  const { payload, status } = delivery
  const settledRefusal = refusal ?? (isSettled ? null : unfinishedRefusal)
  const close = (): void => setAction(null)
  return (
    <>
      <CopyButton text={curlOf(delivery)} label="Copy as curl" />
      <Button
        look={status === 'failed' ? 'primary' : 'plain'}
        data-key="r"
        refusal={settledRefusal ?? (payload === null ? payloadGoneRefusal : null)}
        onClick={() => setAction('resend')}
      >
        Resend
      </Button>
      <Button refusal={refusal} onClick={() => setAction('re-export')}>
        Re-export
      </Button>
      <Button data-key="e" refusal={settledRefusal} onClick={() => setAction('edit')}>
        Edit and resend
      </Button>
      <Button refusal={refusal ?? (isSettled ? finishedRefusal : null)} onClick={() => setAction('cancel')}>
        Cancel
      </Button>
      {action === 'edit' && <EditDialog delivery={delivery} onClose={close} />}
      {action !== null && action !== 'edit' && (
        <Confirm action={action} delivery={delivery} onClose={close} />
      )}
    </>
  )
}

function Confirm(props: { action: Exclude<Action, 'edit'>; delivery: DeliveryView; onClose: () => void }) {
  const { action, delivery, onClose } = props
  const { delivery_id: id, receiver, status } = delivery
  const showResult = useAfterReplay(onClose)
  const isRepeat = status === 'delivered'
  if (action === 'resend') {
    return (
      <ConfirmDialog
        title={isRepeat ? 'Send a duplicate?' : 'Resend this delivery?'}
        verb={isRepeat ? 'Send the duplicate' : 'Resend'}
        danger={isRepeat}
        onConfirm={() => api.resendDelivery(id, isRepeat)}
        onDone={showResult}
        onClose={onClose}
      >
        Sends the stored payload to {receiver} again, with the same webhook-id and a new series of attempts.
        {isRepeat && ' It was already delivered: a receiver that does not deduplicate by id shows it twice.'}
      </ConfirmDialog>
    )
  }
  if (action === 're-export') {
    return (
      <ConfirmDialog
        title="Re-export this visitor?"
        verb="Re-export"
        onConfirm={() => api.reExportDelivery(id)}
        onDone={showResult}
        onClose={onClose}
      >
        Sends the visitor’s current profile to {receiver} as a new delivery. This delivery does not change.
      </ConfirmDialog>
    )
  }
  return (
    <ConfirmDialog
      title="Cancel this delivery?"
      verb="Cancel the delivery"
      danger
      onConfirm={() => api.cancelDelivery(id)}
      onDone={showResult}
      onClose={onClose}
    >
      Ghostpost makes no further attempt. You can resend the delivery later.
    </ConfirmDialog>
  )
}
