import type { DestinationBody } from '@ghostpost/delivery/contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { api, type CreatedDestination } from '../../api.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { Field } from '../../ui/field.tsx'
import { textIn } from '../../ui/form-text.ts'
import { Notice } from '../../ui/notice.tsx'
import { bodyOf, emptyDraft, kinds, readSettings } from './destination-draft.ts'
import { DestinationFields } from './destination-fields.tsx'
import { SecretOnce } from './secret-once.tsx'

export function CreateDialog({ siteId, onClose }: { siteId: number; onClose: () => void }) {
  const [problem, setProblem] = useState<string | null>(null)
  const client = useQueryClient()
  const create = useMutation({
    mutationFn: api.createDestination,
    onSuccess: () => void client.invalidateQueries({ queryKey: ['destinations'] }),
  })
  const submit = (form: FormData): void => {
    const read = readSettings((name) => textIn(form, name))
    setProblem('problem' in read ? read.problem : null)
    if ('problem' in read) return
    const kind = textIn(form, 'kind') as DestinationBody['webhook_type']
    create.mutate({ webhook_url: '', ...bodyOf(read.settings), siteId, webhook_type: kind })
  }
  if (create.data) return <Created made={create.data} onClose={onClose} />
  return (
    <Dialog title="New destination" wide onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          submit(new FormData(event.currentTarget))
        }}
      >
        <Field label="Kind">
          {(id) => (
            <select id={id} name="kind">
              {kinds.map((kind) => (
                <option key={kind}>{kind}</option>
              ))}
            </select>
          )}
        </Field>
        <DestinationFields draft={emptyDraft} isNew />
        {problem !== null && <Notice tone="bad">{problem}</Notice>}
        {create.error && <FailureNotice error={create.error} />}
        <DialogActions>
          <Button onClick={onClose}>Close</Button>
          <Button type="submit" look="primary" busy={create.isPending}>
            Save
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}

function Created({ made, onClose }: { made: CreatedDestination; onClose: () => void }) {
  const navigate = useNavigate()
  const { destination, signing_secret: secret } = made
  const open = (): void => {
    onClose()
    void navigate({ to: '/destinations/$id', params: { id: destination.id } })
  }
  return (
    <Dialog title={`${destination.name} is saved`} onClose={open}>
      <SecretOnce secret={secret} />
      <DialogActions>
        <Button look="primary" onClick={open}>
          Show the destination
        </Button>
      </DialogActions>
    </Dialog>
  )
}
