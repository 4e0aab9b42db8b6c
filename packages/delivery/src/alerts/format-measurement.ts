import type { HoldReason } from '../contract/system.ts'
import type { AlertRule } from './alert-rule.ts'
import type {
  AlertWindow,
  Backlog,
  DeadLetters,
  DisabledDestinations,
  FailureRate,
  HeldReceiver,
  Measurement,
} from './measurement.ts'

/** A measurement in sentences, with its numbers. */
export function formatMeasurement(rule: AlertRule, measured: Measurement, value: number | null): string {
  switch (measured.kind) {
    case 'failure_rate':
      return `${rateSentence(rule, measured, value)} The limit is ${rule.threshold} %.`
    case 'dead_letters':
      return `${deadLetterSentence(rule, measured)} The limit is ${rule.threshold}.`
    case 'destination_disabled':
      return disabledSentence(measured)
    case 'queue_age':
      return `${waitSentence(measured)} The limit is ${formatDuration(rule.threshold)}.`
    case 'not_draining':
      return `${growthSentence(rule, measured, value)} The limit is ${rule.threshold}.`
  }
}

function deadLetterSentence({ windowSeconds }: AlertRule, { count, capped }: DeadLetters): string {
  const counted = capped ? `${count} or more` : String(count)
  return `New dead letters in the last ${formatDuration(windowSeconds)}: ${counted}.`
}

function rateSentence(
  { windowSeconds, minimumCount }: AlertRule,
  { tried, failing, capped, window }: FailureRate,
  value: number | null,
): string {
  const last = formatDuration(windowSeconds)
  if (value === null)
    return `Too few exports for a rate: ${tried} of the last ${last} were attempted; the rule needs ${minimumCount}.`
  const among = capped ? `the newest ${tried}` : String(tried)
  return `${value} % of the exports made in the last ${last} (${formatWindow(window)}) fail: ${failing} of ${among}.`
}

const disabledRemedy = 'Restore the receiver or correct its URL, then enable the destination again.'

function disabledSentence({ destinations }: DisabledDestinations): string {
  if (destinations.length === 0) return 'No destination is disabled.'
  const named = destinations.slice(0, 5).map(({ name, receiver, reason }) => {
    const why = reason === null ? '' : `: ${reason}`
    return `“${name}” (${receiver})${why}`
  })
  const more = destinations.length - named.length
  const list = [...named, ...(more > 0 ? [`and ${more} more`] : [])].join(' ')
  const are = destinations.length === 1 ? 'destination is' : 'destinations are'
  return `${destinations.length} ${are} disabled and will receive nothing: ${list} ${disabledRemedy}`
}

function waitSentence({ due, oldestSeconds, capped, held = [] }: Backlog): string {
  if (oldestSeconds === null) return `No delivery is due.${heldSentence(held)}`
  const waited = formatDuration(oldestSeconds)
  const now = `Due now: ${formatDeliveries(due, capped)}.${heldSentence(held)}`
  return `The oldest due delivery has waited for ${waited}. ${now}`
}

const holdTexts: Readonly<Record<HoldReason, string>> = {
  breaker_open: 'its circuit breaker is open',
  throttled: 'it asked for a pause',
}

/** What the number leaves out. */
function heldSentence(held: readonly HeldReceiver[]): string {
  if (held.length === 0) return ''
  const named = held.map(({ receiver, reason, count }) => `${count} for ${receiver} (${holdTexts[reason]})`)
  return ` Not counted, because they wait for their receivers: ${named.join(', ')}.`
}

function growthSentence(
  { windowSeconds }: AlertRule,
  { due, capped, held = [] }: Backlog,
  value: number | null,
): string {
  const last = formatDuration(windowSeconds)
  const now = `Due now: ${formatDeliveries(due, capped)}.${heldSentence(held)}`
  if (value === null) return `${now} The backlog was not sampled for the whole of the last ${last}.`
  if (value <= 0) return `${now} The backlog has not grown over the last ${last}.`
  return `${now} The backlog has grown by ${value} over the last ${last} and does not shrink.`
}

function formatDeliveries(count: number, capped: boolean): string {
  if (capped) return `${count} deliveries or more`
  return count === 1 ? '1 delivery' : `${count} deliveries`
}

const units = [
  ['days', 86_400],
  ['hours', 3_600],
  ['minutes', 60],
] as const

/** `90 seconds`, `15 minutes`, `6 hours`: in the largest unit with a count of at least two, rounded down. */
function formatDuration(seconds: number | null): string {
  const whole = Math.floor(seconds ?? 0)
  const [name, size] = units.find(([, size]) => whole >= 2 * size) ?? ['seconds', 1]
  const count = Math.floor(whole / size)
  return count === 1 ? '1 second' : `${count} ${name}`
}

/** `2026-11-26 10:00 to 10:15 UTC`. */
function formatWindow({ from, to }: AlertWindow): string {
  const [fromDay, fromTime] = dayAndTimeOf(from)
  const [toDay, toTime] = dayAndTimeOf(to)
  return `${fromDay} ${fromTime} to ${toDay === fromDay ? '' : `${toDay} `}${toTime} UTC`
}

function dayAndTimeOf(date: Date): [day: string, time: string] {
  const text = date.toISOString()
  return [text.slice(0, 10), text.slice(11, 16)]
}
