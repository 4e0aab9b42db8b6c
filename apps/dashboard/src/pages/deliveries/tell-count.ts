import type { DeliveryCount } from '@ghostpost/delivery/contract/delivery-log'

const number = new Intl.NumberFormat('en-GB')

export function tellNumber(value: number): string {
  return number.format(value)
}

/** As `1 delivery`, `3,412 deliveries` or `10,000 or more deliveries`. */
export function tellCount({ count, capped }: DeliveryCount, one: string, many: string): string {
  return `${tellNumber(count)}${capped ? ' or more' : ''} ${count === 1 && !capped ? one : many}`
}
