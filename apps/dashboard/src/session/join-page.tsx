import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { api } from '../api.ts'
import { buttonClass } from '../ui/button.tsx'
import { FailureNotice } from '../ui/failure-notice.tsx'
import { PageTitle } from '../ui/page-title.tsx'
import { StillLoading } from '../ui/still-loading.tsx'
import { useLinkToken } from './link-token.ts'
import { NewPasswordForm } from './new-password-form.tsx'
import styles from './sign-in-page.module.css'
import { useSignIn } from './use-sign-in.ts'

/** Where the link of an invitation or of a new password leads. */
export function JoinPage() {
  const token = useLinkToken()
  const link = useQuery({
    queryKey: ['account-link', token],
    queryFn: () => api.readLink(token),
    retry: false,
  })
  const signIn = useSignIn(undefined)
  const setPassword = useMutation({ mutationFn: (password: string) => api.acceptLink(token, password) })
  if (!link.data) return <NoLink error={link.error} />
  const { email, purpose } = link.data
  return (
    <NewPasswordForm
      title={purpose === 'invite' ? 'Welcome to Ghostpost' : 'A new password'}
      verb={purpose === 'invite' ? 'Create the account' : 'Set the password'}
      busy={setPassword.isPending || signIn.isPending}
      error={setPassword.error ?? signIn.error}
      onSubmit={(fieldText) => {
        const password = fieldText('password')
        setPassword.mutate(password, { onSuccess: () => signIn.mutate({ email, password }) })
      }}
    >
      <p>
        Choose a password for <strong>{email}</strong>.
      </p>
      {/* Password managers read which account the password belongs to. */}
      <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
    </NewPasswordForm>
  )
}

function NoLink({ error }: { error: Error | null }) {
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <PageTitle title="Your link" />
        {error ? (
          <>
            <FailureNotice error={error} />
            <p>Ask an admin for a new link, or sign in if you have a password.</p>
            <Link to="/sign-in" search={{}} className={buttonClass()}>
              Sign in
            </Link>
          </>
        ) : (
          <StillLoading />
        )}
      </div>
    </main>
  )
}
