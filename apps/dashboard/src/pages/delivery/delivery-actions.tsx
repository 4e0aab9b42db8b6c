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

const unfinishedRefusal = 'It is not finished; it goes on by itself.'
const finishedRefusal = 'It is finished; there is nothing to cancel.'
const payloadGoneRefusal = 'What was sent is no longer stored. Re-export it with fresh data.'

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
  const then = useAfterReplay(onClose)
  const isRepeat = status === 'delivered'
  if (action === 'resend') {
    return (
      <ConfirmDialog
        title={isRepeat ? 'Send it a second time?' : 'Resend this delivery?'}
        verb={isRepeat ? 'Send the duplicate' : 'Resend'}
        danger={isRepeat}
        onConfirm={() => api.resendDelivery(id, isRepeat)}
        onDone={then}
        onClose={onClose}
      >
        The same bytes go to {receiver} under the same id, as a new series of attempts.
        {isRepeat && ' The receiver has it already: where it keeps no ids, people will see it twice.'}
      </ConfirmDialog>
    )
  }
  if (action === 're-export') {
    return (
      <ConfirmDialog
        title="Re-export this visitor?"
        verb="Re-export"
        onConfirm={() => api.reExportDelivery(id)}
        onDone={then}
        onClose={onClose}
      >
        The visitor as they are now goes to {receiver}, as a new delivery. This one stays as it is.
      </ConfirmDialog>
    )
  }
  return (
    <ConfirmDialog
      title="Cancel this delivery?"
      verb="Cancel the delivery"
      danger
      onConfirm={() => api.cancelDelivery(id)}
      onDone={then}
      onClose={onClose}
    >
      Nothing more of it is sent. It can be resent later.
    </ConfirmDialog>
  )
}
