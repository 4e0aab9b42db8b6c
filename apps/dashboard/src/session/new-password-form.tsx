import { passwordLengthMin } from '@ghostpost/client'
import { useState, type ReactNode, type SubmitEvent } from 'react'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { formText } from '../ui/form-text.ts'
import { Notice } from '../ui/notice.tsx'
import { PageTitle } from '../ui/page-title.tsx'
import styles from './sign-in-page.module.css'

interface NewPasswordFormProps {
  title: string
  verb: string
  busy: boolean
  error: Error | null
  /** @param fieldText reads a field by its name */
  onSubmit: (fieldText: (name: string) => string) => void
  /** The fields above the password. */
  children: ReactNode
}

/** A page for people without a session, on which they choose a password. */
export function NewPasswordForm({ title, verb, busy, error, onSubmit, children }: NewPasswordFormProps) {
  const [isRepeated, setRepeated] = useState(true)
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const isSame = formText(form, 'password') === formText(form, 'repeated')
    setRepeated(isSame)
    if (isSame && !busy) onSubmit((name) => formText(form, name))
  }
  const isNew = { type: 'password', autoComplete: 'new-password', required: true } as const
  return (
    <main className={styles.page}>
      <form className={styles.card} onSubmit={submit} aria-busy={busy}>
        <img src="/ops/favicon.svg" alt="" width="32" height="32" />
        <PageTitle title={title} />
        {children}
        <Field label="Password" hint={`At least ${passwordLengthMin} characters.`}>
          {(id, hintId) => (
            <input
              id={id}
              name="password"
              {...isNew}
              minLength={passwordLengthMin}
              aria-describedby={hintId}
            />
          )}
        </Field>
        <Field label="Password again">
          {(id) => <input id={id} name="repeated" {...isNew} minLength={passwordLengthMin} />}
        </Field>
        {!isRepeated && <Notice tone="bad">The two passwords differ.</Notice>}
        {error && <Notice tone="bad">{error.message}</Notice>}
        <Button type="submit" look="primary" busy={busy}>
          {verb}
        </Button>
      </form>
    </main>
  )
}
