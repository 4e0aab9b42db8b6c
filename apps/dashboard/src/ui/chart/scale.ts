/**
 * Ticks of an axis: round numbers from 0 to at least the largest value.
 * @param stepMin 1 for counts, of which there are no halves
 */
export function ticksUpTo(largest: number, tickCount = 4, stepMin = 0): number[] {
  if (!(largest > 0)) return [0, 1]
  const rough = Math.max(largest / tickCount, stepMin)
  const power = 10 ** Math.floor(Math.log10(rough))
  const steps = [1, 2, 2.5, 5, 10].map((one) => one * power)
  const step =
    steps.find((one) => one >= rough && (stepMin === 0 || Number.isInteger(one))) ?? Math.ceil(rough)
  const count = Math.ceil(largest / step - 1e-9)
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(12)))
}

/** The indexes that get a label, so that labels do not overlap. */
export function labelledIndexes(count: number, width: number, labelWidth: number): number[] {
  const labelsMax = Math.max(1, Math.floor(width / labelWidth))
  const step = Math.max(1, Math.ceil(count / labelsMax))
  return Array.from({ length: Math.ceil(count / step) }, (_, index) => index * step)
}

/** SVG path through the points, with a gap at each null. */
export function linePath(points: readonly (readonly [x: number, y: number] | null)[]): string {
  let path = ''
  let isDrawing = false
  for (const point of points) {
    if (point) path += `${isDrawing ? 'L' : 'M'}${round(point[0])} ${round(point[1])}`
    isDrawing = point !== null
  }
  return path
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
