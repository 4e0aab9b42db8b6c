import { ApiProblem } from '@ghostpost/client'
import { useNavigate } from '@tanstack/react-router'
import { Button } from '../../ui/button.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'

/** The API refuses a second operation with the same selection; the error names the running one. */
export function PlanFailure({ error }: { error: Error }) {
  const running =
    error instanceof ApiProblem && error.code === 'operation_running'
      ? idIn(error.details[0]?.expected)
      : undefined
  const navigate = useNavigate()
  return (
    <>
      <FailureNotice error={error} />
      {running !== undefined && (
        <Button onClick={() => void navigate({ to: '/operations/$id', params: { id: running } })}>
          Show the running operation
        </Button>
      )}
    </>
  )
}

function idIn(text = ''): string | undefined {
  return /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(text)?.[0]
}
