import { defaultWebhookType, destinationTraits, type WebhookType } from '@ghostpost/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { api, type CreatedDestination } from '../../api.ts'
import { Button } from '../../ui/button.tsx'
import { destinationTypeLabels } from '../../ui/destination-types.ts'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { Field } from '../../ui/field.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { createBodyOf, emptyDraft, readSettings } from './destination-draft.ts'
import { DestinationFields } from './destination-fields.tsx'
import { NewSecret } from './new-secret.tsx'
import { SigningField } from './signing-field.tsx'
import { TestResult } from './test-result.tsx'

export function CreateDialog({ siteId, onClose }: { siteId: number; onClose: () => void }) {
  const [problem, setProblem] = useState<string | null>(null)
  const [type, setType] = useState<WebhookType>(defaultWebhookType)
  const { signed } = destinationTraits[type]
  const client = useQueryClient()
  const create = useMutation({
    mutationFn: api.createDestination,
    onSuccess: () => void client.invalidateQueries({ queryKey: ['destinations'] }),
  })
  const submit = (fieldText: (name: string) => string): void => {
    const read = readSettings(type, fieldText)
    setProblem('problem' in read ? read.problem : null)
    if ('problem' in read) return
    create.mutate({
      webhook_url: '',
      ...createBodyOf(read.settings),
      siteId,
      webhook_type: type,
      ...(signed && fieldText('signing') === 'ed25519' && { signing: 'ed25519' }),
    })
  }
  if (create.data) return <Created created={create.data} onClose={onClose} />
  return (
    <FormDialog title="New destination" wide verb="Save" request={create} onSubmit={submit} onClose={onClose}>
      <TypeField type={type} setType={setType} />
      <DestinationFields draft={emptyDraft} type={type} current={null} isNew />
      {signed && <SigningField />}
      {problem !== null && <Notice tone="bad">{problem}</Notice>}
    </FormDialog>
  )
}

function TypeField({ type, setType }: { type: WebhookType; setType: (type: WebhookType) => void }) {
  return (
    <Field label="Type">
      {(id) => (
        <select id={id} value={type} onChange={(event) => setType(event.target.value as WebhookType)}>
          {Object.entries(destinationTypeLabels).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}

function Created({ created, onClose }: { created: CreatedDestination; onClose: () => void }) {
  const navigate = useNavigate()
  const { destination, signing_secret: secret } = created
  const test = useMutation({ mutationFn: () => api.testDestination(destination.id) })
  const open = (): void => {
    onClose()
    void navigate({ to: '/destinations/$id', params: { id: destination.id } })
  }
  if (test.data) return <TestResult tested={test.data} onClose={open} />
  return (
    <Dialog title={`${destination.name} is saved`} onClose={open}>
      <NewSecret secret={secret} publicKeys={destination.signing_public_keys} />
      {test.error && <FailureNotice error={test.error} />}
      <DialogActions>
        <Button busy={test.isPending} onClick={() => test.mutate()}>
          Send a test
        </Button>
        <Button look="primary" onClick={open}>
          Show the destination
        </Button>
      </DialogActions>
    </Dialog>
  )
}
