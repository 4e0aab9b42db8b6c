import type { DeliveryView } from '@ghostpost/delivery/contract/delivery'

type NextAttempt = NonNullable<DeliveryView['next_attempt']>

const reasons: Readonly<Record<NextAttempt['because'], string>> = {
  first: 'due immediately',
  schedule: 'by the retry schedule',
  receiver_asked: 'by the receiver’s Retry-After',
}

/** Number of the next attempt in its series, and why it is due at that time. */
export function formatNextAttempt({ number, of, because }: Omit<NextAttempt, 'at'>): string {
  return `${number} of ${of}, ${reasons[because]}`
}
