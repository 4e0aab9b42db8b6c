import { UsageError } from './exit-codes.ts'

const spanShape = /^(\d{1,6})([smhd])$/
const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `2026-11-23T10:00:00Z`, `2026-11-23`, or a span such as `2h` before now, as ISO 8601. */
export function timeAgo(text: string): string {
  return timeIn(text, -1)
}

/** The same with spans from now on. */
export function timeAhead(text: string): string {
  return timeIn(text, 1)
}

function timeIn(text: string, direction: 1 | -1): string {
  const [, count, unit = ''] = spanShape.exec(text) ?? []
  const span = count === undefined ? null : Number(count) * (unitMs[unit] ?? 0)
  const time = span === null ? Date.parse(text) : Date.now() + direction * span
  if (!Number.isFinite(time))
    throw new UsageError(`"${text}" is no time: say 2026-11-23T10:00:00Z, or 30m, 2h, 7d.`)
  return new Date(time).toISOString()
}

/** A span such as `90s`, `15m`, `6h` or `2d`, in seconds. */
export function seconds(text: string): number {
  const [, count, unit = ''] = spanShape.exec(text) ?? []
  if (count === undefined) throw new UsageError(`"${text}" is no span: say 90s, 15m, 6h or 2d.`)
  return (Number(count) * (unitMs[unit] ?? 0)) / 1_000
}

/** `2026-11-23 10:00:00`, UTC, for tables. */
export function shortTime(iso: string | null): string {
  return iso === null ? '' : iso.slice(0, 19).replace('T', ' ')
}

/** `4 s`, `3 min`, `2.5 h`. */
export function span(seconds: number): string {
  if (seconds < 100) return `${Math.ceil(seconds)} s`
  if (seconds < 6_000) return `${Math.ceil(seconds / 60)} min`
  return `${(seconds / 3_600).toFixed(1)} h`
}
