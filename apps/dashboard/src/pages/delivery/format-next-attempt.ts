import type { DeliveryView } from '@ghostpost/delivery/contract/delivery'

type NextAttempt = NonNullable<DeliveryView['next_attempt']>

const reasons: Readonly<Record<NextAttempt['because'], string>> = {
  first: 'due at once',
  schedule: 'by the retry schedule',
  receiver_asked: 'as the receiver asked',
}

/** Which of its series the next attempt is, and why it is due then. */
export function formatNextAttempt({ number, of, because }: Omit<NextAttempt, 'at'>): string {
  return `${number} of ${of}, ${reasons[because]}`
}
