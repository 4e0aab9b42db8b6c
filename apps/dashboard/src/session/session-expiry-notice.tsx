import { useNavigate, useRouterState } from '@tanstack/react-router'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { Time, useNow } from '../ui/time.tsx'
import { useSession } from './session.ts'

const warnBeforeMs = 10 * 60_000

/** Warns before the session ends, so that the user loses no input. */
export function SessionExpiryNotice() {
  const { expires_at: end } = useSession()
  const now = useNow()
  const navigate = useNavigate()
  const href = useRouterState({ select: ({ location }) => location.href })
  const leftMs = new Date(end).getTime() - now
  if (leftMs > warnBeforeMs || leftMs <= 0) return null
  return (
    <Notice tone="warn">
      <p>
        Your session ends <Time at={end} distance="only" />. Sign in again to continue on this page.
      </p>
      <div>
        <Button onClick={() => void navigate({ to: '/sign-in', search: { return: href } })}>
          Sign in again
        </Button>
      </div>
    </Notice>
  )
}
