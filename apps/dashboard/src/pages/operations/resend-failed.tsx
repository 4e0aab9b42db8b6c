import type { OperationView } from '@ghostpost/delivery/contract/operations'
import { useState } from 'react'
import { useRefusal } from '../../session/session.ts'
import { Button } from '../../ui/button.tsx'
import { formatCount } from '../deliveries/format-count.ts'
import { PlanDialog } from './plan-dialog.tsx'

const endedStates: ReadonlySet<OperationView['state']> = new Set(['completed', 'cancelled'])

/** Starts a new operation for the failed members of a finished one. */
export function ResendFailed({ operation }: { operation: OperationView }) {
  const { operation_id: id, siteId, state, counts } = operation
  const [isOpen, setOpen] = useState(false)
  const refusal = useRefusal('operator')
  if (!endedStates.has(state) || counts.failed === 0) return null
  return (
    <>
      <Button look="primary" data-key="r" refusal={refusal} onClick={() => setOpen(true)}>
        Resend the failed deliveries
      </Button>
      {isOpen && (
        <PlanDialog
          subject={formatCount({ count: counts.failed })}
          request={{ siteId, kind: 'resend', filter: { operation_id: id, status: 'failed' } }}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  )
}
