import { UsageError } from './exit-codes.ts'

const spanPattern = /^(\d{1,6})([smhd])$/
const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `2026-11-23T10:00:00Z`, `2026-11-23`, or a span such as `2h` before now, as ISO 8601. */
export function parseTimeAgo(text: string): string {
  return parseTime(text, -1)
}

/** The same with spans from now on. */
export function parseTimeAhead(text: string): string {
  return parseTime(text, 1)
}

function parseTime(text: string, direction: 1 | -1): string {
  const [, count, unit = ''] = spanPattern.exec(text) ?? []
  const formatSpan = count === undefined ? null : Number(count) * (unitMs[unit] ?? 0)
  const time = formatSpan === null ? Date.parse(text) : Date.now() + direction * formatSpan
  if (!Number.isFinite(time))
    throw new UsageError(`"${text}" is no time: say 2026-11-23T10:00:00Z, or 30m, 2h, 7d.`)
  return new Date(time).toISOString()
}

/** A span such as `90s`, `15m`, `6h` or `2d`, in seconds. */
export function parseSeconds(text: string): number {
  const [, count, unit = ''] = spanPattern.exec(text) ?? []
  if (count === undefined) throw new UsageError(`"${text}" is no span: say 90s, 15m, 6h or 2d.`)
  return (Number(count) * (unitMs[unit] ?? 0)) / 1_000
}

/** `2026-11-23 10:00:00`, UTC, for tables. */
export function formatTime(iso: string | null): string {
  return iso === null ? '' : iso.slice(0, 19).replace('T', ' ')
}

/** `4 s`, `3 min`, `2.5 h`. */
export function formatSpan(parseSeconds: number): string {
  if (parseSeconds < 100) return `${Math.ceil(parseSeconds)} s`
  if (parseSeconds < 6_000) return `${Math.ceil(parseSeconds / 60)} min`
  return `${(parseSeconds / 3_600).toFixed(1)} h`
}
