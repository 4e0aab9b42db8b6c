import type { ErrorComponentProps } from '@tanstack/react-router'
import { ApiProblem } from '@ghostpost/client'
import { Button } from '../ui/button.tsx'
import { FailureNotice } from '../ui/failure-notice.tsx'
import { PageTitle } from '../ui/page-title.tsx'

/** Replaces a page that failed to render. After an update, the old version's chunks no longer exist. */
export function PageFailure({ error, reset }: ErrorComponentProps) {
  const cause = error instanceof Error ? error : new Error(String(error))
  const isOutdated =
    !(cause instanceof ApiProblem) && /dynamically imported module|module script/i.test(cause.message)
  return (
    <>
      <PageTitle title={isOutdated ? 'There is a new version' : 'This page failed'} />
      {isOutdated ? <p>Ghostpost was updated while this page was open.</p> : <FailureNotice error={cause} />}
      <Button look="primary" onClick={() => (isOutdated ? location.reload() : reset())}>
        {isOutdated ? 'Reload' : 'Try again'}
      </Button>
    </>
  )
}
