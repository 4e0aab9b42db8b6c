import { passwordLengthMin } from '@ghostpost/client'
import type { PasswordChangeBody } from '@ghostpost/delivery/contract/session'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type SubmitEvent } from 'react'
import { api } from '../../api.ts'
import { useSession } from '../../session/session.ts'
import { Button } from '../../ui/button.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { Field } from '../../ui/field.tsx'
import { formText } from '../../ui/form-text.ts'
import { Notice } from '../../ui/notice.tsx'
import { Section } from '../../ui/section.tsx'
import styles from './password-form.module.css'
import { ownSessionsKey } from './session-list.tsx'

/** Changes the user's password. */
export function PasswordForm() {
  const { user } = useSession()
  const client = useQueryClient()
  const [isRepeated, setRepeated] = useState(true)
  const change = useMutation({
    mutationFn: (body: PasswordChangeBody) => api.changePassword(body),
    onSuccess: () => client.invalidateQueries({ queryKey: ownSessionsKey }),
  })
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const form = event.currentTarget
    const fields = new FormData(form)
    const newPassword = formText(fields, 'new')
    const isSame = newPassword === formText(fields, 'repeated')
    setRepeated(isSame)
    change.reset()
    if (!isSame) return
    const body = { current_password: formText(fields, 'current'), new_password: newPassword }
    change.mutate(body, { onSuccess: () => form.reset() })
  }
  return (
    <Section title="Password">
      <form className={styles.form} onSubmit={submit} aria-busy={change.isPending}>
        {/* Password managers read which account the new password belongs to. */}
        <input type="text" name="username" autoComplete="username" value={user.email} readOnly hidden />
        <PasswordFields />
        {!isRepeated && <Notice tone="bad">The two new passwords differ.</Notice>}
        {change.error && <FailureNotice error={change.error} />}
        {change.isSuccess && (
          <Notice tone="good">The password is changed. All your other sessions have ended.</Notice>
        )}
        <div>
          <Button type="submit" look="primary" busy={change.isPending}>
            Change the password
          </Button>
        </div>
      </form>
    </Section>
  )
}

function PasswordFields() {
  const hint = `At least ${passwordLengthMin} characters. The change ends all your other sessions.`
  const isNew = { type: 'password', autoComplete: 'new-password', required: true } as const
  return (
    <>
      <Field label="Current password">
        {(id) => <input id={id} name="current" type="password" autoComplete="current-password" required />}
      </Field>
      <Field label="New password" hint={hint}>
        {(id, hintId) => (
          <input id={id} name="new" {...isNew} minLength={passwordLengthMin} aria-describedby={hintId} />
        )}
      </Field>
      <Field label="New password again">
        {(id) => <input id={id} name="repeated" {...isNew} minLength={passwordLengthMin} />}
      </Field>
    </>
  )
}
