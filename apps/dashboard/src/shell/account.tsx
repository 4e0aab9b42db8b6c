import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { api } from '../api.ts'
import { useSession, useSite } from '../session/session.ts'
import { Button } from '../ui/button.tsx'
import { HiddenText } from '../ui/hidden-text.tsx'
import styles from './choice.module.css'

export function Account() {
  const { user } = useSession()
  const { role } = useSite()
  const client = useQueryClient()
  const navigate = useNavigate()
  const signOut = useMutation({
    mutationFn: api.signOut,
    onSettled: async () => {
      await navigate({ to: '/sign-in', search: {} })
      client.clear()
    },
  })
  return (
    <div className={styles.account}>
      <Link to="/account" className={styles.name} title={user.email}>
        <HiddenText>Account: </HiddenText>
        {user.email}
      </Link>
      <span className={styles.role}>
        <span>{role}</span>
        <Button look="quiet" onClick={() => signOut.mutate()} busy={signOut.isPending}>
          Sign out
        </Button>
      </span>
    </div>
  )
}
