import type { DeliverySummary } from '@ghostpost/delivery/contract'
import type { ReactNode } from 'react'
import { Table } from '../../ui/table.tsx'
import { DeliveryRow } from './delivery-row.tsx'

export const deliveryHead = [
  { label: 'Created' },
  { label: 'Lead' },
  { label: 'Destination' },
  { label: 'Status' },
  { label: 'Last answer' },
  { label: 'Attempts', numeric: true },
  { label: 'Next' },
]

interface DeliveryTableProps {
  caption: string
  deliveries: readonly DeliverySummary[]
  busy: boolean
  /** What stands there while there is nothing yet. */
  children?: ReactNode
}

/** Deliveries to be read, not to be selected. */
export function DeliveryTable({ caption, deliveries, busy, children }: DeliveryTableProps) {
  return (
    <Table caption={caption} head={deliveryHead} busy={busy}>
      {children}
      {deliveries.map((delivery) => (
        <DeliveryRow key={delivery.delivery_id} delivery={delivery} />
      ))}
    </Table>
  )
}
