import { ApiProblem, ApiUnreachable } from '@ghostpost/client'
import { Button } from './button.tsx'
import { Notice } from './notice.tsx'

/** An error with its details and the request id for support. */
export function FailureNotice({ error, retry }: { error: Error; retry?: () => void }) {
  const failure = error instanceof ApiProblem ? error : null
  return (
    <Notice tone="bad">
      <p>{failure ? failure.message : headlineOf(error)}</p>
      {failure?.details.map(({ field, expected }) => (
        <p key={field}>
          <code>{field}</code>: {expected}
        </p>
      ))}
      {!failure && <p>{error.message}</p>}
      {failure?.requestId && (
        <p>
          Request id: <code>{failure.requestId}</code>
        </p>
      )}
      {retry && (
        <div>
          <Button onClick={retry}>Try again</Button>
        </div>
      )}
    </Notice>
  )
}

function headlineOf(error: Error): string {
  return error instanceof ApiUnreachable ? 'The API does not respond.' : 'The dashboard has failed.'
}
