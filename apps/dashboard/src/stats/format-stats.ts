import { formatDuration } from '../ui/format-time.ts'

/** A share as a percentage that never says all when it was not all: `99.9 %`. */
export function formatPercent(share: number | null): string {
  if (share === null) return '–'
  const percent = Math.floor(share * 1_000) / 10
  return `${percent.toFixed(1).replace('.0', '')} %`
}

/** A duration as it was measured, with no more digits than it is worth. */
export function formatMilliseconds(milliseconds: number | null): string {
  if (milliseconds === null) return '–'
  return formatDuration(milliseconds < 10 ? milliseconds : Math.round(milliseconds))
}
