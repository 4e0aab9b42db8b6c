import { formatDuration } from '../ui/format-time.ts'

/** Formats a share as a percentage, rounded down so that only 1 becomes `100 %`. */
export function formatPercent(share: number | null): string {
  if (share === null) return '–'
  const percent = Math.floor(share * 1_000) / 10
  return `${percent.toFixed(1).replace('.0', '')} %`
}

/** Formats a duration with at most one decimal. */
export function formatMilliseconds(milliseconds: number | null): string {
  if (milliseconds === null) return '–'
  return formatDuration(milliseconds < 10 ? milliseconds : Math.round(milliseconds))
}
