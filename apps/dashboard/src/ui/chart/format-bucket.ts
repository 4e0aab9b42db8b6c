import type { Zone } from '../zone.ts'

const hourSeconds = 3_600

/** Formats a bucket as `14:15–14:30`, with its day when it is longer than an hour. */
export function formatBucket(start: string, seconds: number, zone: Zone): string {
  const from = new Date(start)
  const to = new Date(from.getTime() + seconds * 1_000)
  const day = seconds > hourSeconds ? `${formatDay(from, zone)} ` : ''
  return `${day}${formatClock(from, zone)}–${formatClock(to, zone)}`
}

/** Label under a plot: the time of day for buckets of at most an hour, else the day. */
export function formatTick(start: string, seconds: number, zone: Zone): string {
  const at = new Date(start)
  return seconds > hourSeconds ? formatDay(at, zone) : formatClock(at, zone)
}

function formatClock(date: Date, zone: Zone): string {
  return formatDate(date, zone, { hour: '2-digit', minute: '2-digit' })
}

function formatDay(date: Date, zone: Zone): string {
  return formatDate(date, zone, { day: 'numeric', month: 'short' })
}

function formatDate(date: Date, zone: Zone, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat('en-GB', zone === 'utc' ? { ...options, timeZone: 'UTC' } : options).format(
    date,
  )
}
