import type { DeliverySummary } from '@ghostpost/delivery/contract/delivery-log'
import type { ReactNode } from 'react'
import { Table } from '../../ui/table.tsx'
import { DeliveryRow } from './delivery-row.tsx'

const leadLabel = 'Lead'

export const deliveryHead = [
  { label: 'Created' },
  { label: leadLabel },
  { label: 'Destination' },
  { label: 'Status' },
  { label: 'Last response' },
  { label: 'Attempts', numeric: true },
  { label: 'Next' },
]

interface DeliveryTableProps {
  caption: string
  deliveries: readonly DeliverySummary[]
  busy: boolean
  /** Hides the lead column: all deliveries are of the same lead. */
  hideLead?: boolean
  /** Placeholder rows while the list loads. */
  children?: ReactNode
}

/** A table of deliveries without selection. */
export function DeliveryTable({ caption, deliveries, busy, hideLead = false, children }: DeliveryTableProps) {
  const head = hideLead ? deliveryHead.filter(({ label }) => label !== leadLabel) : deliveryHead
  return (
    <Table caption={caption} head={head} busy={busy}>
      {children}
      {deliveries.map((delivery) => (
        <DeliveryRow key={delivery.delivery_id} delivery={delivery} hideLead={hideLead} />
      ))}
    </Table>
  )
}
