import type { OperationView } from '@ghostpost/delivery/contract/operations'
import { useState } from 'react'
import { useRefusal } from '../../session/session.ts'
import { Button } from '../../ui/button.tsx'
import { tellCount } from '../deliveries/tell-count.ts'
import { PlanDialog } from './plan-dialog.tsx'

const isOver: ReadonlySet<OperationView['state']> = new Set(['completed', 'cancelled'])

/** Once an operation is over: a new one for those of it that failed, and for no others. */
export function ResendFailed({ operation }: { operation: OperationView }) {
  const { operation_id: id, siteId, state, counts } = operation
  const [isOpen, setOpen] = useState(false)
  const refusal = useRefusal('operator')
  if (!isOver.has(state) || counts.failed === 0) return null
  return (
    <>
      <Button look="primary" data-key="r" refusal={refusal} onClick={() => setOpen(true)}>
        Resend those that failed
      </Button>
      {isOpen && (
        <PlanDialog
          what={tellCount({ count: counts.failed, capped: false }, 'delivery', 'deliveries')}
          wish={{ siteId, kind: 'resend', filter: { operation_id: id, status: 'failed' } }}
          onClose={() => setOpen(false)}
        />
      )}
    </>
  )
}
