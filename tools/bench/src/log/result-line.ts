/** A measured value with its target. */
export interface ResultLine {
  what: string
  measured: string
  target: string
  met: boolean
}

export const formatLine = ({ what, measured, target, met }: ResultLine): string =>
  `| ${what} | ${measured} | ${target} | ${met ? 'met' : '**missed**'} |`

/** A duration with an upper bound, in milliseconds. */
export function durationLine(what: string, measured: number, target: number): ResultLine {
  return { what, measured: `${measured.toFixed(1)} ms`, target: `≤ ${target} ms`, met: measured <= target }
}
