import { PageHead } from '../../ui/page-head.tsx'
import { PasswordForm } from './password-form.tsx'
import { SessionList } from './session-list.tsx'

/** The user's own sessions and password. */
export function AccountPage() {
  return (
    <>
      <PageHead title="Account" />
      <SessionList />
      <PasswordForm />
    </>
  )
}
