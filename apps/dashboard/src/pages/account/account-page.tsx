import { ApiKeyList } from './api-key-list.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { PasswordForm } from './password-form.tsx'
import { SessionList } from './session-list.tsx'

/** The user's own sessions and password, and the API keys of the current site. */
export function AccountPage() {
  return (
    <>
      <PageHead title="Account" />
      <SessionList />
      <ApiKeyList />
      <PasswordForm />
    </>
  )
}
