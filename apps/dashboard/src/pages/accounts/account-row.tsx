import type { AccountView } from '@ghostpost/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '../../api.ts'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { cell } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { AccountActions } from './account-actions.tsx'
import { accountsKey } from './accounts-key.ts'
import styles from './accounts-page.module.css'

const roles = ['viewer', 'operator', 'admin'] as const

export function AccountRow({ account, siteId }: { account: AccountView; siteId: number }) {
  const { email, name, state, last_seen_at: seen, link_expires_at: link } = account
  return (
    <tr>
      <th scope="row">
        {email}
        {name !== email && <span className={cell.sub}>{name}</span>}
      </th>
      <td>
        <RoleChoice account={account} siteId={siteId} />
      </td>
      <td className={cell.nowrap}>
        {state}
        {link && (
          <span className={cell.sub}>
            link expires <Time at={link} distance="only" />
          </span>
        )}
      </td>
      <td className={cell.nowrap}>{formatWays(account)}</td>
      <td className={cell.nowrap}>{seen ? <Time at={seen} distance="only" /> : '–'}</td>
      <td className={cell.nowrap}>
        <AccountActions account={account} siteId={siteId} />
      </td>
    </tr>
  )
}

function formatWays({ has_password: hasPassword, has_single_sign_on: hasSso }: AccountView): string {
  const ways = [hasPassword && 'password', hasSso && 'single sign-on'].filter((way) => way !== false)
  return ways.length > 0 ? ways.join(', ') : '–'
}

function RoleChoice({ account: { id, email, role }, siteId }: { account: AccountView; siteId: number }) {
  const client = useQueryClient()
  const change = useMutation({
    mutationFn: (to: AccountView['role']) => api.changeAccount(id, { role: to, siteId }),
    onSettled: () => client.invalidateQueries({ queryKey: accountsKey }),
  })
  return (
    <>
      <select
        className={styles.role}
        aria-label={`Role of ${email}`}
        value={role}
        aria-busy={change.isPending}
        onChange={(event) => change.mutate(event.currentTarget.value as AccountView['role'])}
      >
        {roles.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </select>
      {change.error && <FailureNotice error={change.error} />}
    </>
  )
}
