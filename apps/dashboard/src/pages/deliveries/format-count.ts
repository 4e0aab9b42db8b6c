import type { DeliveryCount } from '@ghostpost/delivery/contract/delivery-log'

const numberFormat = new Intl.NumberFormat('en-GB')

export function formatNumber(value: number): string {
  return numberFormat.format(value)
}

/** Formats a count as `1 delivery`, `3,412 deliveries` or `10,000 or more deliveries`. */
export function formatCount(
  { count, capped = false }: Pick<DeliveryCount, 'count'> & Partial<DeliveryCount>,
  one = 'delivery',
  many = 'deliveries',
): string {
  return `${formatNumber(count)}${capped ? ' or more' : ''} ${count === 1 && !capped ? one : many}`
}
