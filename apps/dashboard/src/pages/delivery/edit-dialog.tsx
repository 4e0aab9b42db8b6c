import type { DeliveryView } from '@ghostpost/delivery/contract/delivery'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { Field } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PayloadPreview } from './preview/payload-preview.tsx'
import { readPayload } from './read-payload.ts'
import { useAfterReplay } from './use-after-replay.ts'

/** Sends an edited payload to the same receiver as a new delivery. */
export function EditDialog({ delivery, onClose }: { delivery: DeliveryView; onClose: () => void }) {
  const original = pretty(delivery.payload)
  const [text, setText] = useState(original)
  const showResult = useAfterReplay(onClose)
  const send = useMutation({
    mutationFn: (payload: Record<string, unknown>) => api.editDelivery(delivery.delivery_id, payload),
    onSuccess: showResult,
  })
  const read = readPayload(text)
  const refusal = 'problem' in read ? read.problem : null
  return (
    <Dialog title="Edit and resend" wide onClose={onClose}>
      <p>
        Sends the body below to {delivery.receiver} as a new delivery. This delivery does not change.
        {delivery.payload === null && ' Its payload is no longer stored, so the body is empty.'}
      </p>
      <Field label="Body, as JSON">
        {(id) => (
          <textarea
            id={id}
            rows={18}
            spellCheck={false}
            value={text}
            aria-invalid={refusal !== null}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
      {refusal !== null && <Notice tone="warn">{refusal}</Notice>}
      {'payload' in read && (
        <details>
          <summary>Preview</summary>
          <PayloadPreview type={delivery.webhook_type} payload={text} />
        </details>
      )}
      {send.error && <FailureNotice error={send.error} />}
      <DialogActions>
        <Button
          look="quiet"
          refusal={text === original ? 'The body is unchanged.' : null}
          onClick={() => setText(original)}
        >
          Undo all changes
        </Button>
        <Button onClick={onClose}>Close</Button>
        <Button
          look="primary"
          busy={send.isPending}
          refusal={refusal}
          onClick={() => 'payload' in read && send.mutate(read.payload)}
        >
          Send as a new delivery
        </Button>
      </DialogActions>
    </Dialog>
  )
}

function pretty(payload: string | null): string {
  const read = readPayload(payload ?? '{}')
  return 'payload' in read ? JSON.stringify(read.payload, null, 2) : (payload ?? '')
}
