import { defaultWebhookType, destinationTraits, type WebhookType } from '@ghostpost/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { api, type CreatedDestination } from '../../api.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { Field } from '../../ui/field.tsx'
import { formText } from '../../ui/form-text.ts'
import { Notice } from '../../ui/notice.tsx'
import { destinationKindLabels } from '../../ui/destination-kind-labels.ts'
import { createBodyOf, emptyDraft, readSettings } from './destination-draft.ts'
import { DestinationFields } from './destination-fields.tsx'
import { NewSecret } from './new-secret.tsx'
import { SigningField } from './signing-field.tsx'

export function CreateDialog({ siteId, onClose }: { siteId: number; onClose: () => void }) {
  const [problem, setProblem] = useState<string | null>(null)
  const [kind, setKind] = useState<WebhookType>(defaultWebhookType)
  const { signed } = destinationTraits[kind]
  const client = useQueryClient()
  const create = useMutation({
    mutationFn: api.createDestination,
    onSuccess: () => void client.invalidateQueries({ queryKey: ['destinations'] }),
  })
  const submit = (form: FormData): void => {
    const read = readSettings((name) => formText(form, name))
    setProblem('problem' in read ? read.problem : null)
    if ('problem' in read) return
    const signing = signed && formText(form, 'signing') === 'ed25519' ? ('ed25519' as const) : null
    create.mutate({
      webhook_url: '',
      ...createBodyOf(read.settings),
      siteId,
      webhook_type: kind,
      ...(signing && { signing }),
    })
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
            <select id={id} value={kind} onChange={(event) => setKind(event.target.value as WebhookType)}>
              {Object.entries(destinationKindLabels).map(([value, label]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </select>
          )}
        </Field>
        <DestinationFields key={kind} draft={emptyDraft} kind={kind} current={null} isNew />
        {signed && <SigningField />}
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
      <NewSecret secret={secret} publicKeys={destination.signing_public_keys} />
      <DialogActions>
        <Button look="primary" onClick={open}>
          Show the destination
        </Button>
      </DialogActions>
    </Dialog>
  )
}
