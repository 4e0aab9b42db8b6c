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
  { label: 'Last answer' },
  { label: 'Attempts', numeric: true },
  { label: 'Next' },
]

interface DeliveryTableProps {
  caption: string
  deliveries: readonly DeliverySummary[]
  busy: boolean
  /** Where all are of one lead, that is not said in each row. */
  hideLead?: boolean
  /** What stands there while there is nothing yet. */
  children?: ReactNode
}

/** Deliveries to be read, not to be selected. */
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
