import { useSearch } from '@tanstack/react-router'
import { missingSite, useSession, useSite } from '../session/session.ts'
import { Notice } from '../ui/notice.tsx'

/** The address names a site that the user cannot see, so the page shows another one. */
export function MissingSiteNotice() {
  const { sites } = useSession()
  const { site: requested } = useSearch({ strict: false })
  const shown = useSite()
  const missing = missingSite(sites, requested)
  if (missing === null) return null
  return (
    <Notice tone="warn">
      There is no site {missing} that you have access to. This page shows <b>{shown.name}</b> instead.
    </Notice>
  )
}
