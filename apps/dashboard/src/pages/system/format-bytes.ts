const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const

/** Formats bytes as `812 B`, `1.5 MB` or `20 GB`. */
export function formatBytes(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 1_000 && unit < units.length - 1) {
    value /= 1_000
    unit += 1
  }
  return `${value < 10 && unit > 0 ? value.toFixed(1).replace('.0', '') : Math.round(value)} ${units[unit]}`
}
