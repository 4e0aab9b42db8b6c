import type { Zone } from '../zone.ts'

const hourSeconds = 3_600

/** A span of time, as `14:15–14:30`, with its day where it is longer than an hour. */
export function tellBucket(start: string, seconds: number, zone: Zone): string {
  const from = new Date(start)
  const to = new Date(from.getTime() + seconds * 1_000)
  const day = seconds > hourSeconds ? `${tellDay(from, zone)} ` : ''
  return `${day}${tellClock(from, zone)}–${tellClock(to, zone)}`
}

/** The label under a plot: the time of day where buckets are short, the day where they are long. */
export function tellMark(start: string, seconds: number, zone: Zone): string {
  const at = new Date(start)
  return seconds > hourSeconds ? tellDay(at, zone) : tellClock(at, zone)
}

function tellClock(date: Date, zone: Zone): string {
  return tell(date, zone, { hour: '2-digit', minute: '2-digit' })
}

function tellDay(date: Date, zone: Zone): string {
  return tell(date, zone, { day: 'numeric', month: 'short' })
}

function tell(date: Date, zone: Zone, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat('en-GB', zone === 'utc' ? { ...options, timeZone: 'UTC' } : options).format(
    date,
  )
}
