import type { NewDelivery } from '@ghostpost/delivery/deliver'
import type { StoredReceiverUrl } from '../../secrets/receiver-url.ts'
import type { Caller } from '../upkeep/audit-log.ts'
import { rowsSql, rowsValues, type RowColumn } from '../connection/row-arrays.ts'

/** A delivery that is to be saved, and the call that asked for it. */
export interface NewDeliveryRow {
  delivery: NewDelivery
  url: StoredReceiverUrl
  /** Null when no person made the wish. */
  caller: Caller | null
}

/** What is stored as it was wished. */
const columns: readonly RowColumn<NewDeliveryRow>[] = [
  ['id', 'uuid', ({ delivery }) => delivery.id],
  ['site_id', 'int', ({ delivery }) => delivery.siteId],
  ['ghost_vid', 'text', ({ delivery }) => delivery.ghostVid],
  ['webhook_type', 'text', ({ delivery }) => delivery.webhookType],
  ['receiver_url', 'text', ({ url }) => url.clear],
  ['receiver_url_sealed', 'bytea', ({ url }) => url.sealed],
  ['receiver_host', 'text', ({ delivery }) => delivery.receiverHost],
  ['receiver_scheme', 'text', ({ delivery }) => delivery.receiverScheme],
  ['destination_id', 'uuid', ({ delivery }) => delivery.destinationId],
  ['include_journey', 'bool', ({ delivery }) => delivery.includeJourney],
  ['include_events', 'bool', ({ delivery }) => delivery.includeEvents],
  ['sample', 'bool', ({ delivery }) => delivery.sample],
  ['requested_by', 'uuid', ({ delivery }) => delivery.requestedBy],
  ['request_id', 'text', ({ caller }) => caller?.requestId],
]
export const newDeliveryColumns = columns.map(([name]) => name).join(', ')
/** What the statement is given beside what is stored with the delivery. */
const parameterColumns: readonly RowColumn<NewDeliveryRow>[] = [
  ...columns,
  ['ip', 'text', ({ caller }) => caller?.ip],
]

/** All wishes as a table `w`, from arrays that are the statement's parameters from `$first` on. */
export function newDeliveryRowsSql(first: number): string {
  return rowsSql(parameterColumns, 'w', first)
}

export function newDeliveryRowsValues(rows: readonly NewDeliveryRow[]): unknown[] {
  return rowsValues(parameterColumns, rows)
}
