import type { DeliveryView } from '@ghostpost/delivery/contract/delivery'

/** What an attempt came to, as `answered 503` or `timed out`. */
export function headlineOf({ response_status: status, outcome }: DeliveryView['attempts'][number]): string {
  return status === null ? outcome.replaceAll('_', ' ') : `answered ${status}`
}
