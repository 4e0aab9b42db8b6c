import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter, useSearch } from '@tanstack/react-router'
import { useId, type SubmitEvent } from 'react'
import { api } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { formText } from '../ui/form-text.ts'
import { Notice } from '../ui/notice.tsx'
import { PageTitle } from '../ui/page-title.tsx'
import { sessionQuery } from './session.ts'
import { safeReturnPath } from './safe-return-path.ts'
import styles from './sign-in-page.module.css'

export function SignInPage() {
  const { return: returnTo, ended } = useSearch({ from: '/sign-in' })
  const client = useQueryClient()
  const router = useRouter()
  const passwordId = useId()
  const signIn = useMutation({
    mutationFn: ({ email, password }: { email: string; password: string }) => api.signIn(email, password),
    onSuccess: (session) => {
      client.clear()
      client.setQueryData(sessionQuery.queryKey, session)
      router.history.push(safeReturnPath(returnTo))
    },
    onError: () => document.getElementById(passwordId)?.focus(),
  })
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    signIn.mutate({ email: formText(form, 'email'), password: formText(form, 'password') })
  }
  return (
    <main className={styles.page}>
      <form className={styles.card} onSubmit={submit} aria-busy={signIn.isPending}>
        <img src="/ops/favicon.svg" alt="" width="32" height="32" />
        <PageTitle title="Sign in">Sign in to Ghostpost</PageTitle>
        {ended && !signIn.isError && (
          <Notice tone="warn">Your session has ended. Sign in to continue where you left off.</Notice>
        )}
        {signIn.isError && <Notice tone="bad">{signIn.error.message}</Notice>}
        <Field label="E-mail address">
          {(id) => (
            <input id={id} name="email" type="email" autoComplete="username" required maxLength={254} />
          )}
        </Field>
        <Field label="Password" id={passwordId}>
          {(id) => <input id={id} name="password" type="password" autoComplete="current-password" required />}
        </Field>
        <Button type="submit" look="primary" busy={signIn.isPending}>
          {signIn.isPending ? 'Signing in …' : 'Sign in'}
        </Button>
      </form>
    </main>
  )
}
