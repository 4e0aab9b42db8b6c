import type { Zone } from './zone.ts'

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** Formats a time as `23 Nov 14:02:11`; with the year when it is not the current one. */
export function formatTime(at: string, zone: Zone, now: Date = new Date()): string {
  const date = new Date(at)
  const year = date.getUTCFullYear() === now.getUTCFullYear() ? {} : { year: 'numeric' as const }
  return formatDate(date, zone, {
    day: 'numeric',
    month: 'short',
    ...year,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
}

/** Formats a time in full, as `Monday, 23 November 2026 at 14:02:11 CET`. */
export function formatFullTime(at: string, zone: Zone): string {
  return formatDate(new Date(at), zone, { dateStyle: 'full', timeStyle: 'long' })
}

function formatDate(date: Date, zone: Zone, options: Intl.DateTimeFormatOptions): string {
  const inZone = zone === 'utc' ? { ...options, timeZone: 'UTC' } : options
  return new Intl.DateTimeFormat('en-GB', inZone).format(date).replace(',', '')
}

/** Formats the distance to now, as `3 min ago` or `in 2 h`. */
export function formatDistance(at: string, now: number): string {
  const distance = new Date(at).getTime() - now
  if (Math.abs(distance) < second) return 'now'
  return distance < 0 ? `${formatDuration(-distance)} ago` : `in ${formatDuration(distance)}`
}

/** Formats a duration as `812 ms`, `4.2 s`, `3 min` or `2 d`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds > 0 && milliseconds < 10) return `${oneDecimal(milliseconds)} ms`
  if (milliseconds < second) return `${Math.round(milliseconds)} ms`
  if (milliseconds < 10 * second) return `${oneDecimal(milliseconds / second)} s`
  if (milliseconds < minute) return `${Math.round(milliseconds / second)} s`
  if (milliseconds < hour) return `${Math.round(milliseconds / minute)} min`
  if (milliseconds < 2 * day) return `${oneDecimal(milliseconds / hour)} h`
  return `${Math.round(milliseconds / day)} d`
}

function oneDecimal(value: number): string {
  return value.toFixed(1).replace('.0', '')
}
