import { useQuery } from '@tanstack/react-query'
import type { ErrorComponentProps } from '@tanstack/react-router'
import { Button } from '../ui/button.tsx'
import { FailureNotice } from '../ui/failure-notice.tsx'
import { PageTitle } from '../ui/page-title.tsx'
import { isLoadFailure, openScripts, readServerState, type ServerState } from './load-failure.ts'

/** Replaces a page that failed to load or to render. */
export function PageFailure({ error, reset }: ErrorComponentProps) {
  const cause = error instanceof Error ? error : new Error(String(error))
  if (isLoadFailure(cause)) return <LoadFailure />
  return (
    <>
      <PageTitle title="This page failed" />
      <FailureNotice error={cause} />
      <Button look="primary" onClick={reset}>
        Try again
      </Button>
    </>
  )
}

const texts: Readonly<Record<ServerState | 'unknown', string>> = {
  unknown: 'A part of the dashboard did not load.',
  same_version: 'A part of the dashboard did not load: the server was busy, or the connection failed.',
  new_version: 'Ghostpost was updated while this page was open.',
  no_response: 'The server does not respond. Your deliveries are not affected by this page.',
}

/**
 * A browser may remember that a file failed, so only a reload loads it again. It reloads when the server responds;
 * otherwise the browser would replace the page with an error of its own.
 */
function LoadFailure() {
  const {
    data: state = 'unknown',
    refetch,
    isFetching,
  } = useQuery({
    queryKey: ['server-state'],
    queryFn: () => readServerState(openScripts()),
    gcTime: 0,
    retry: false,
  })
  const tryAgain = async (): Promise<void> => {
    const { data } = await refetch()
    if (data !== undefined && data !== 'no_response') location.reload()
  }
  return (
    <>
      <PageTitle title={state === 'new_version' ? 'There is a new version' : 'This page did not load'} />
      <p>
        <output>{texts[state]}</output>
      </p>
      <Button look="primary" busy={isFetching} onClick={() => void tryAgain()}>
        {state === 'new_version' ? 'Reload' : 'Try again'}
      </Button>
    </>
  )
}
