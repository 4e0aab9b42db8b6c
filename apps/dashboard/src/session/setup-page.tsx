import type { SetupBody } from '@ghostpost/delivery/contract/accounts'
import { useMutation } from '@tanstack/react-query'
import { api } from '../api.ts'
import { Field } from '../ui/field.tsx'
import { useLinkToken } from './link-token.ts'
import { NewPasswordForm } from './new-password-form.tsx'
import { useSignIn } from './use-sign-in.ts'

const nameLengthMax = 80
const emailLengthMax = 254

/** Creates the first account. The API printed the link to this page when it started. */
export function SetupPage() {
  const token = useLinkToken()
  const signIn = useSignIn(undefined)
  const setUp = useMutation({ mutationFn: (body: SetupBody) => api.setUp(body) })
  return (
    <NewPasswordForm
      title="Set up Ghostpost"
      verb="Create the first account"
      busy={setUp.isPending || signIn.isPending}
      error={setUp.error ?? signIn.error}
      onSubmit={(fieldText) => {
        const [email, password] = [fieldText('email'), fieldText('password')]
        const body = { token, email, password, name: fieldText('name'), site_name: fieldText('site') }
        setUp.mutate(body, { onSuccess: () => signIn.mutate({ email, password }) })
      }}
    >
      <p>The first account is admin of every site.</p>
      <Field label="Your name">
        {(id) => <input id={id} name="name" autoComplete="name" required maxLength={nameLengthMax} />}
      </Field>
      <Field label="E-mail address">
        {(id) => (
          <input
            id={id}
            name="email"
            type="email"
            autoComplete="username"
            required
            maxLength={emailLengthMax}
          />
        )}
      </Field>
      <Field label="Name of the first site" hint="Your website. Ignored if there are sites already.">
        {(id, hintId) => (
          <input id={id} name="site" required maxLength={nameLengthMax} aria-describedby={hintId} />
        )}
      </Field>
    </NewPasswordForm>
  )
}
