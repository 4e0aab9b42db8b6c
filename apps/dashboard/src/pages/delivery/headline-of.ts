import type { DeliveryView } from '@ghostpost/delivery/contract/delivery'

/** The outcome of an attempt, as `HTTP 503` or `timed out`. */
export function headlineOf({ response_status: status, outcome }: DeliveryView['attempts'][number]): string {
  return status === null ? outcome.replaceAll('_', ' ') : `HTTP ${status}`
}
