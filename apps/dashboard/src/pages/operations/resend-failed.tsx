import type { OperationView } from '@ghostpost/delivery/contract/operations'
import { useState } from 'react'
import { useRefusal } from '../../session/session.ts'
import { Button } from '../../ui/button.tsx'
import { formatCount } from '../deliveries/format-count.ts'
import { PlanDialog } from './plan-dialog.tsx'

const endedStates: ReadonlySet<OperationView['state']> = new Set(['completed', 'cancelled'])

/** Once an operation is over: a new one for those of it that failed, and for no others. */
export function ResendFailed({ operation }: { operation: OperationView }) {
  const { operation_id: id, siteId, state, counts } = operation
  const [isOpen, setOpen] = useState(false)
  const refusal = useRefusal('operator')
  if (!endedStates.has(state) || counts.failed === 0) return null
  return (
    <>
      <Button look="primary" data-key="r" refusal={refusal} onClick={() => setOpen(true)}>
        Resend those that failed
      </Button>
      {isOpen && (
        <PlanDialog
          what={formatCount({ count: counts.failed, capped: false }, 'delivery', 'deliveries')}
          request={{ siteId, kind: 'resend', filter: { operation_id: id, status: 'failed' } }}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  )
}
