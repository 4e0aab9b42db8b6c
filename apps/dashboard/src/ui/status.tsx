import type { DeliverySummary } from '@ghostpost/delivery/contract/delivery-log'
import type { FailureGroup } from '@ghostpost/delivery/contract/failures'
import type { OperationItem, OperationView } from '@ghostpost/delivery/contract/operations'
import { Icon, type IconName } from './icon.tsx'
import type { Tone } from './notice.tsx'
import styles from './status.module.css'

export interface Look {
  text: string
  tone: Tone
  icon: IconName
}

type DeliveryStatus = DeliverySummary['status']

/** Text, tone and icon of each state: colour alone never carries the meaning. */
export const deliveryLooks: Readonly<Record<DeliveryStatus, Look>> = {
  queued: { text: 'Queued', tone: 'idle', icon: 'wait' },
  delivering: { text: 'Delivering', tone: 'info', icon: 'sending' },
  retrying: { text: 'Retrying', tone: 'warn', icon: 'retry' },
  delivered: { text: 'Delivered', tone: 'good', icon: 'check' },
  failed: { text: 'Failed', tone: 'bad', icon: 'bad' },
  cancelled: { text: 'Cancelled', tone: 'idle', icon: 'stop' },
}

const operationLooks: Readonly<Record<OperationView['state'], Look>> = {
  planned: { text: 'Planned', tone: 'idle', icon: 'wait' },
  running: { text: 'Running', tone: 'info', icon: 'sending' },
  paused: { text: 'Paused', tone: 'warn', icon: 'pause' },
  completed: { text: 'Completed', tone: 'good', icon: 'check' },
  cancelled: { text: 'Cancelled', tone: 'idle', icon: 'stop' },
  expired: { text: 'Expired', tone: 'idle', icon: 'stop' },
}

export const failureLooks: Readonly<Record<FailureGroup['state'], Look>> = {
  open: { text: 'Open', tone: 'bad', icon: 'bad' },
  acknowledged: { text: 'Acknowledged', tone: 'warn', icon: 'user' },
  ignored: { text: 'Ignored', tone: 'idle', icon: 'stop' },
  resolved: { text: 'Resolved', tone: 'good', icon: 'check' },
}

export const itemLooks: Readonly<Record<OperationItem['outcome'], Look>> = {
  waiting: { text: 'Waiting', tone: 'idle', icon: 'wait' },
  delivered: { text: 'Delivered', tone: 'good', icon: 'check' },
  failed: { text: 'Failed', tone: 'bad', icon: 'bad' },
  skipped: { text: 'Skipped', tone: 'warn', icon: 'stop' },
  cancelled: { text: 'Cancelled', tone: 'idle', icon: 'stop' },
}

/** A dead letter of which a copy was delivered. */
const recoveredLook: Look = { text: 'Recovered', tone: 'good', icon: 'retry' }

/** The look of a delivery: a recovered dead letter is no failure any more. */
export function deliveryLookOf({
  status,
  recovered_by: recoveredBy,
}: Pick<DeliverySummary, 'status' | 'recovered_by'>): Look {
  return status === 'failed' && recoveredBy !== null ? recoveredLook : deliveryLooks[status]
}

export function DeliveryStatus({ delivery }: { delivery: Pick<DeliverySummary, 'status' | 'recovered_by'> }) {
  return <Badge {...deliveryLookOf(delivery)} />
}

export function OperationStatus({ state }: { state: OperationView['state'] }) {
  return <Badge {...operationLooks[state]} />
}

export function FailureStatus({ state }: { state: FailureGroup['state'] }) {
  return <Badge {...failureLooks[state]} />
}

export function ItemStatus({ outcome }: { outcome: OperationItem['outcome'] }) {
  return <Badge {...itemLooks[outcome]} />
}

/** A state as icon, word and colour. */
export function Badge({ text, tone, icon }: Look) {
  return (
    <span className={`${styles.badge} ${styles[tone] ?? ''}`}>
      <Icon name={icon} />
      {text}
    </span>
  )
}
