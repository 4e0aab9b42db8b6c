import type { AccountView, AccountWithLink } from '@ghostpost/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api.ts'
import { useSession } from '../../session/session.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { accountsKey } from './accounts-key.ts'
import { LinkDialog } from './link-dialog.tsx'

type Open = 'disable' | 'remove' | null

interface AccountProps {
  account: AccountView
  siteId: number
}

/** What an admin may do with an account, besides changing its role. */
export function AccountActions({ account, siteId }: AccountProps) {
  const [open, setOpen] = useState<Open>(null)
  const { user } = useSession()
  const { id, email, state } = account
  const whole = account.manageable ? null : 'This needs the role admin in every site of the account.'
  const own = id === user.id ? 'You cannot disable your own account.' : whole
  const close = (): void => setOpen(null)
  return (
    <>
      {state !== 'disabled' && <LinkButton account={account} siteId={siteId} refusal={whole} />}{' '}
      {state === 'disabled' ? (
        <EnableButton account={account} siteId={siteId} refusal={whole} />
      ) : (
        <Button aria-label={`Disable ${email}`} refusal={own} onClick={() => setOpen('disable')}>
          Disable
        </Button>
      )}{' '}
      <Button aria-label={`Remove ${email}`} onClick={() => setOpen('remove')}>
        Remove
      </Button>
      {open === 'disable' && <DisableDialog account={account} siteId={siteId} onClose={close} />}
      {open === 'remove' && <RemoveDialog account={account} siteId={siteId} onClose={close} />}
    </>
  )
}

function useRefresh(): () => Promise<void> {
  const client = useQueryClient()
  return () => client.invalidateQueries({ queryKey: accountsKey })
}

function LinkButton({ account, siteId, refusal }: AccountProps & { refusal: string | null }) {
  const [made, setMade] = useState<AccountWithLink | null>(null)
  const refresh = useRefresh()
  const create = useMutation({
    mutationFn: () => api.createAccountLink(account.id, siteId),
    onSuccess: setMade,
    onSettled: refresh,
  })
  const label = account.state === 'invited' ? 'New link' : 'Reset password'
  return (
    <>
      <Button
        aria-label={`${label} of ${account.email}`}
        refusal={refusal}
        busy={create.isPending}
        onClick={() => create.mutate()}
      >
        {label}
      </Button>
      {create.error && <FailureNotice error={create.error} />}
      {made && <LinkDialog made={made} onClose={() => setMade(null)} />}
    </>
  )
}

function EnableButton({ account, siteId, refusal }: AccountProps & { refusal: string | null }) {
  const refresh = useRefresh()
  const enable = useMutation({ mutationFn: () => api.enableAccount(account.id, siteId), onSettled: refresh })
  return (
    <>
      <Button
        aria-label={`Enable ${account.email}`}
        refusal={refusal}
        busy={enable.isPending}
        onClick={() => enable.mutate()}
      >
        Enable
      </Button>
      {enable.error && <FailureNotice error={enable.error} />}
    </>
  )
}

function DisableDialog({ account, siteId, onClose }: AccountProps & { onClose: () => void }) {
  const refresh = useRefresh()
  return (
    <ConfirmDialog
      title={`Disable ${account.email}`}
      verb="Disable the account"
      danger
      onConfirm={() => api.disableAccount(account.id, siteId)}
      onDone={() => void refresh().then(onClose)}
      onClose={onClose}
    >
      <p>
        It cannot sign in. Its sessions end within 5 seconds, and its API keys stop working, in every site.
      </p>
      <p>You can enable it again.</p>
    </ConfirmDialog>
  )
}

function RemoveDialog({ account, siteId, onClose }: AccountProps & { onClose: () => void }) {
  const refresh = useRefresh()
  return (
    <ConfirmDialog
      title={`Remove ${account.email} from this site`}
      verb="Remove from this site"
      danger
      onConfirm={() => api.removeAccount(account.id, siteId)}
      onDone={() => void refresh().then(onClose)}
      onClose={onClose}
    >
      <p>The account loses its role in this site, and its API keys of this site are revoked.</p>
    </ConfirmDialog>
  )
}
