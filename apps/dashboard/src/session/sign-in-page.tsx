import type { SignInOptions } from '@ghostpost/client'
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useId, type SubmitEvent } from 'react'
import { api } from '../api.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { formText } from '../ui/form-text.ts'
import { Notice } from '../ui/notice.tsx'
import { PageTitle } from '../ui/page-title.tsx'
import { safeReturnPath } from './safe-return-path.ts'
import styles from './sign-in-page.module.css'
import { useSignIn } from './use-sign-in.ts'

/** Until the API has said how people sign in here. */
const usual: SignInOptions = { password: true, oidc: false, setup_needed: false }

export function SignInPage() {
  const { return: returnTo, ended, failed } = useSearch({ from: '/sign-in' })
  const options = useQuery({ queryKey: ['sign-in-options'], queryFn: api.readSignInOptions }).data ?? usual
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <img src="/ops/favicon.svg" alt="" width="32" height="32" />
        <PageTitle title="Sign in">Sign in to Ghostpost</PageTitle>
        {ended && (
          <Notice tone="warn">Your session has ended. Sign in to continue where you left off.</Notice>
        )}
        {failed !== undefined && <Notice tone="bad">{reasons[failed] ?? reasons['invalid']}</Notice>}
        {options.setup_needed && (
          <Notice tone="info">
            There is no account yet. The API printed a link when it started: open it to create the first one.
          </Notice>
        )}
        {options.oidc && (
          <a
            className={buttonClass('primary')}
            href={`/api/oidc/start?return=${encodeURIComponent(safeReturnPath(returnTo))}`}
          >
            Sign in with single sign-on
          </a>
        )}
        {options.password && <PasswordSignIn returnTo={returnTo} />}
      </div>
    </main>
  )
}

/** Why the API refused a single sign-on. */
const reasons: Readonly<Record<string, string>> = {
  unavailable: 'The single sign-on of your organisation does not respond. Try again later.',
  denied: 'The single sign-on of your organisation refused the sign-in.',
  invalid: 'The sign-in failed. Try again; if it fails again, tell an admin.',
  expired: 'The sign-in took too long, or began in another browser. Try again.',
  no_account: 'You have no account here. Ask an admin to invite you, or to give your group a role.',
  no_role: 'Your groups give you no role here any more. Ask an admin.',
  disabled: 'Your account is disabled. Ask an admin.',
  email_not_verified:
    'An account has your e-mail address, and the single sign-on did not verify the address.',
  other_identity: 'An account of another person has your e-mail address. Ask an admin.',
}

function PasswordSignIn({ returnTo }: { returnTo: string | undefined }) {
  const passwordId = useId()
  const signIn = useSignIn(returnTo, () => document.getElementById(passwordId)?.focus())
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    signIn.mutate({ email: formText(form, 'email'), password: formText(form, 'password') })
  }
  return (
    <form className={styles.form} onSubmit={submit} aria-busy={signIn.isPending}>
      {signIn.isError && <Notice tone="bad">{signIn.error.message}</Notice>}
      <Field label="E-mail address">
        {(id) => <input id={id} name="email" type="email" autoComplete="username" required maxLength={254} />}
      </Field>
      <Field label="Password" id={passwordId}>
        {(id) => <input id={id} name="password" type="password" autoComplete="current-password" required />}
      </Field>
      <Button type="submit" look="primary" busy={signIn.isPending}>
        {signIn.isPending ? 'Signing in …' : 'Sign in'}
      </Button>
    </form>
  )
}
