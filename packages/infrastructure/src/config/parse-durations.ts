const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }

/** Parses durations such as `0s 5s 5m 2h` into milliseconds. The schema has checked the form. */
export function parseDurationsMs(text: string): number[] {
  return [...text.matchAll(/(\d+)(ms|s|m|h)/g)].map(
    ([, amount, unit]) => Number(amount) * (units[unit ?? ''] ?? 0),
  )
}
