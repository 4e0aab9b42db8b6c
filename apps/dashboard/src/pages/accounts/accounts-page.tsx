import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../api.ts'
import { useRefusal, useSite } from '../../session/session.ts'
import { Button } from '../../ui/button.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { SkeletonRows, Table } from '../../ui/table.tsx'
import { AccountRow } from './account-row.tsx'
import { accountsKey } from './accounts-key.ts'
import { InviteDialog } from './invite-dialog.tsx'

const head = [
  { label: 'Account' },
  { label: 'Role' },
  { label: 'State' },
  { label: 'Signs in with' },
  { label: 'Last seen' },
  { label: 'Actions' },
]

/** The accounts with a role in the site, for its admins. */
export function AccountsPage() {
  const site = useSite()
  const refusal = useRefusal('admin')
  const [isInviting, setInviting] = useState(false)
  const accounts = useQuery({
    queryKey: [...accountsKey, site.id],
    queryFn: () => api.listAccounts(site.id),
    enabled: refusal === null,
  })
  if (refusal !== null) {
    return (
      <>
        <PageHead title="Accounts" />
        <Notice tone="warn">{refusal}</Notice>
      </>
    )
  }
  const items = accounts.data?.items
  return (
    <>
      <PageHead title="Accounts">
        <Button look="primary" onClick={() => setInviting(true)}>
          Invite
        </Button>
      </PageHead>
      {accounts.error && <FailureNotice error={accounts.error} retry={() => void accounts.refetch()} />}
      <Table caption={`Accounts of ${site.name}`} head={head} busy={accounts.isPending}>
        {!items && !accounts.error && <SkeletonRows columns={head.length} rows={3} />}
        {items?.map((account) => (
          <AccountRow key={account.id} account={account} siteId={site.id} />
        ))}
      </Table>
      {isInviting && <InviteDialog site={site} onClose={() => setInviting(false)} />}
    </>
  )
}
