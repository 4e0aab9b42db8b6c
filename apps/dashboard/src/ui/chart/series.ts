type SeriesLook = 'good' | 'warn' | 'bad' | 'first' | 'second' | 'third'

export interface Series {
  name: string
  look: SeriesLook
  /** One for each bucket; null where there is none. */
  values: readonly (number | null)[]
}

/** Where in the drawing the plot is, and how values become places. */
export interface Frame {
  left: number
  right: number
  top: number
  bottom: number
  /** Of one bucket. */
  step: number
  y: (value: number) => number
}
