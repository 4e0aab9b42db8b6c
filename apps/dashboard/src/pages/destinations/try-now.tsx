import type { BreakerClosed } from '@ghostpost/delivery/contract/destination'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRefusal } from '../../session/session.ts'
import { Button } from '../../ui/button.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'

/** Closes a circuit breaker, so that the waiting deliveries are tried now. */
export function TryNow({ close }: { close: () => Promise<BreakerClosed> }) {
  const client = useQueryClient()
  const refusal = useRefusal('operator')
  const closing = useMutation({ mutationFn: close, onSuccess: () => client.invalidateQueries() })
  return (
    <>
      <Button refusal={refusal} busy={closing.isPending} onClick={() => closing.mutate()}>
        Try now
      </Button>
      {closing.error && <FailureNotice error={closing.error} />}
    </>
  )
}
