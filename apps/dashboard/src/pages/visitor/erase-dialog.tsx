import type { ErasedView } from '@ghostpost/delivery/contract/visitor'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { Field } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { formatCount } from '../deliveries/format-count.ts'

/** The user types the visitor's id to confirm: erasing cannot be undone. */
export function EraseDialog(props: { vid: string; siteId: number; onClose: () => void }) {
  const { vid, siteId, onClose } = props
  const [typed, setTyped] = useState('')
  const client = useQueryClient()
  const erase = useMutation({
    mutationFn: () => api.eraseVisitor(vid, siteId),
    onSuccess: () => void client.invalidateQueries(),
  })
  if (erase.data) {
    return (
      <Dialog title="Erased" onClose={onClose}>
        <Notice tone="good">{formatErased(erase.data)}</Notice>
        <DialogActions>
          <Button onClick={onClose}>Close</Button>
        </DialogActions>
      </Dialog>
    )
  }
  return (
    <Dialog title="Erase this visitor?" onClose={onClose}>
      <p>
        Deletes the visitor’s profile, all stored payloads and responses, and cancels waiting deliveries. The
        deliveries stay in the log without the visitor’s identity. This cannot be undone.
      </p>
      <Field label={`Type ${vid} to confirm`}>
        {(id) => (
          <input
            id={id}
            value={typed}
            autoComplete="off"
            onChange={(event) => setTyped(event.target.value)}
          />
        )}
      </Field>
      {erase.error && <FailureNotice error={erase.error} />}
      <DialogActions>
        <Button onClick={onClose}>Close</Button>
        <Button
          look="danger"
          refusal={typed.trim() === vid ? null : 'Type the visitor’s id first.'}
          busy={erase.isPending}
          onClick={() => erase.mutate()}
        >
          Erase permanently
        </Button>
      </DialogActions>
    </Dialog>
  )
}

function formatErased({ profile, deliveries, cancelled, in_flight: inFlight }: ErasedView): string {
  const done = [
    profile ? 'The profile was deleted.' : 'There was no profile.',
    `${formatCount({ count: deliveries })} anonymised, ${cancelled} of them cancelled.`,
  ]
  if (inFlight > 0) done.push(`${inFlight} in flight: their responses are not stored.`)
  return done.join(' ')
}
