import { UsageError } from './exit-codes.ts'

const spanPattern = /^(\d{1,6})([smhd])$/
const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/**
 * Parses `2026-11-23T10:00:00Z`, `2026-11-23`, or a span before now such as `2h`; returns ISO 8601.
 * @throws UsageError when the text is neither
 */
export function parseTimeAgo(text: string): string {
  return parseTime(text, -1)
}

/** Like `parseTimeAgo`, with spans after now. */
export function parseTimeAhead(text: string): string {
  return parseTime(text, 1)
}

function parseTime(text: string, direction: 1 | -1): string {
  const [, count, unit = ''] = spanPattern.exec(text) ?? []
  const spanMs = count === undefined ? null : Number(count) * (unitMs[unit] ?? 0)
  const time = spanMs === null ? Date.parse(text) : Date.now() + direction * spanMs
  if (!Number.isFinite(time))
    throw new UsageError(`"${text}" is not a time. Use 2026-11-23T10:00:00Z, or 30m, 2h, 7d.`)
  return new Date(time).toISOString()
}

/**
 * Parses a span such as `90s`, `15m`, `6h` or `2d` to seconds.
 * @throws UsageError when the text is none
 */
export function parseSeconds(text: string): number {
  const [, count, unit = ''] = spanPattern.exec(text) ?? []
  if (count === undefined) throw new UsageError(`"${text}" is not a time span. Use 90s, 15m, 6h or 2d.`)
  return (Number(count) * (unitMs[unit] ?? 0)) / 1_000
}

/** Formats a time for tables as `2026-11-23 10:00:00`, UTC. */
export function formatTime(iso: string | null): string {
  return iso === null ? '' : iso.slice(0, 19).replace('T', ' ')
}

/** Formats a span as `4 s`, `3 min` or `2.5 h`. */
export function formatSpan(seconds: number): string {
  if (seconds < 100) return `${Math.ceil(seconds)} s`
  if (seconds < 6_000) return `${Math.ceil(seconds / 60)} min`
  return `${(seconds / 3_600).toFixed(1)} h`
}
