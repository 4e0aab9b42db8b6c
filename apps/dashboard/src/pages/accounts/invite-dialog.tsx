import type { AccountView } from '@ghostpost/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api.ts'
import type { Site } from '../../session/session.ts'
import { Field } from '../../ui/field.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { accountsKey } from './accounts-key.ts'
import { LinkDialog } from './link-dialog.tsx'

const roles = ['viewer', 'operator', 'admin'] as const
const nameLengthMax = 80
const emailLengthMax = 254

export function InviteDialog({ site, onClose }: { site: Site; onClose: () => void }) {
  const client = useQueryClient()
  const invite = useMutation({
    mutationFn: api.inviteAccount,
    onSuccess: () => client.invalidateQueries({ queryKey: accountsKey }),
  })
  if (invite.data) return <LinkDialog made={invite.data} onClose={onClose} />
  const submit = (fieldText: (name: string) => string): void => {
    const name = fieldText('name')
    invite.mutate({
      siteId: site.id,
      email: fieldText('email'),
      role: fieldText('role') as AccountView['role'],
      ...(name !== '' && { name }),
    })
  }
  return (
    <FormDialog
      title={`Invite to ${site.name}`}
      verb="Invite"
      request={invite}
      onSubmit={submit}
      onClose={onClose}
    >
      <Field label="E-mail address">
        {(id) => <input id={id} name="email" type="email" required maxLength={emailLengthMax} />}
      </Field>
      <Field label="Name" hint="The e-mail address if you leave it empty.">
        {(id, hintId) => <input id={id} name="name" maxLength={nameLengthMax} aria-describedby={hintId} />}
      </Field>
      <Field label="Role">
        {(id) => (
          <select id={id} name="role" defaultValue="viewer">
            {roles.map((role) => (
              <option key={role}>{role}</option>
            ))}
          </select>
        )}
      </Field>
    </FormDialog>
  )
}
