/** One thing that was measured, and what it was to be. */
export interface Line {
  what: string
  measured: string
  target: string
  met: boolean
}

export const rowOf = ({ what, measured, target, met }: Line): string =>
  `| ${what} | ${measured} | ${target} | ${met ? 'met' : '**missed**'} |`

/** A time, in milliseconds, at most so long. */
export function ms(what: string, measured: number, target: number): Line {
  return { what, measured: `${measured.toFixed(1)} ms`, target: `≤ ${target} ms`, met: measured <= target }
}
