import type { ApiKeyView } from '@ghostpost/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api.ts'
import { refusalFor, type Site } from '../../session/session.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import { apiKeysKey } from './api-keys-key.ts'

const roles = ['viewer', 'operator', 'admin'] as const
const days = [30, 90, 365, 730]
const daysDefault = 90
const nameLengthMax = 80

export function CreateApiKeyDialog({ site, onClose }: { site: Site; onClose: () => void }) {
  const client = useQueryClient()
  const create = useMutation({
    mutationFn: api.createApiKey,
    onSuccess: () => client.invalidateQueries({ queryKey: apiKeysKey }),
  })
  if (create.data) return <Created created={create.data} onClose={onClose} />
  const submit = (fieldText: (name: string) => string): void =>
    create.mutate({
      siteId: site.id,
      name: fieldText('name'),
      role: fieldText('role') as ApiKeyView['role'],
      expires_in_days: Number(fieldText('days')),
    })
  return (
    <FormDialog
      title="New API key"
      verb="Create the key"
      request={create}
      onSubmit={submit}
      onClose={onClose}
    >
      <Field label="Name" hint="What the key is for. The activity log names it.">
        {(id, hintId) => (
          <input id={id} name="name" required maxLength={nameLengthMax} aria-describedby={hintId} />
        )}
      </Field>
      <Field label="Role" hint="At most your own.">
        {(id, hintId) => (
          <select id={id} name="role" aria-describedby={hintId}>
            {roles
              .filter((role) => refusalFor(site.role, role) === null)
              .map((role) => (
                <option key={role}>{role}</option>
              ))}
          </select>
        )}
      </Field>
      <Field label="Expires after">
        {(id) => (
          <select id={id} name="days" defaultValue={daysDefault}>
            {days.map((one) => (
              <option key={one} value={one}>
                {one} days
              </option>
            ))}
          </select>
        )}
      </Field>
    </FormDialog>
  )
}

function Created({
  created,
  onClose,
}: {
  created: { key: string; api_key: ApiKeyView }
  onClose: () => void
}) {
  return (
    <Dialog title={`${created.api_key.name} is created`} onClose={onClose}>
      <Notice tone="warn">
        <p>This key is shown only once. Programs send it as a bearer token.</p>
        <code>{created.key}</code>
      </Notice>
      <div>
        <CopyButton text={created.key} label="Copy the key" />
      </div>
      <DialogActions>
        <Button look="primary" onClick={onClose}>
          Close
        </Button>
      </DialogActions>
    </Dialog>
  )
}
