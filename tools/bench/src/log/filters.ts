import type { DeliveryFilter } from '@ghostpost/delivery/contract/delivery-log'
import { loadedLog } from './load-log.ts'

/** Every filter of a log page, with frequent, rare and missing values. */
export function everyFilter(failure: string, middle: Date): readonly DeliveryFilter[] {
  const day = 86_400_000
  return [
    {},
    { status: 'failed' },
    { status: 'cancelled' },
    { status: 'retrying' },
    { status: 'delivered' },
    { status: 'failed,retrying' },
    { webhook_type: 'slack' },
    { webhook_type: 'slack', status: 'failed' },
    { receiver: 'host7.example.com' },
    { receiver: 'nowhere.example.com' },
    { destination_id: loadedLog.destinationId },
    { destination_id: loadedLog.destinationId, status: 'failed' },
    { cause: 'cause_3' },
    { failure },
    { response_status: '404' },
    { response_status: '5xx', status: 'failed' },
    { response_status: '302' },
    { operation_id: loadedLog.operationId },
    { ghost_vid: 'gv_load_77' },
    { identified_user: 'lead1234@example.com' },
    { text: 'name1234' },
    { text: 'company7' },
    { text: 'family' },
    { text: 'family', status: 'failed' },
    { from: new Date(middle.getTime() - day).toISOString(), to: middle.toISOString() },
    { to: middle.toISOString(), status: 'failed' },
    { status: 'failed', receiver: 'host1.example.com', webhook_type: 'custom' },
  ]
}
