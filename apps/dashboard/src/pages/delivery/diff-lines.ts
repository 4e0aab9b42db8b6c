export interface DiffLine {
  text: string
  /** Whether both texts have the line, or only one. */
  side: 'both' | 'first' | 'second'
}

/** Longer texts count as entirely different: the table below grows with the square of the length. */
const linesMax = 600

/** Compares two texts line by line. */
export function diffLines(first: string, second: string): DiffLine[] {
  const [one, other] = [first.split('\n'), second.split('\n')]
  if (one.length > linesMax || other.length > linesMax) return diffWithoutCommon(one, other)
  const common = commonLengths(one, other)
  const lines: DiffLine[] = []
  let [at, to] = [0, 0]
  while (at < one.length && to < other.length) {
    if (one[at] === other[to]) {
      lines.push({ text: one[at] ?? '', side: 'both' })
      at += 1
      to += 1
    } else if ((common[at + 1]?.[to] ?? 0) >= (common[at]?.[to + 1] ?? 0)) {
      lines.push({ text: one[at] ?? '', side: 'first' })
      at += 1
    } else {
      lines.push({ text: other[to] ?? '', side: 'second' })
      to += 1
    }
  }
  return [...lines, ...diffWithoutCommon(one.slice(at), other.slice(to))]
}

function diffWithoutCommon(one: readonly string[], other: readonly string[]): DiffLine[] {
  return [
    ...one.map((text): DiffLine => ({ text, side: 'first' })),
    ...other.map((text): DiffLine => ({ text, side: 'second' })),
  ]
}

/** Length of the longest common subsequence of the remaining lines, for each pair of positions. */
function commonLengths(one: readonly string[], other: readonly string[]): number[][] {
  const lengths = Array.from({ length: one.length + 1 }, () =>
    Array.from({ length: other.length + 1 }, () => 0),
  )
  for (let at = one.length - 1; at >= 0; at -= 1) {
    for (let to = other.length - 1; to >= 0; to -= 1) {
      const row = lengths[at]
      if (!row) continue
      row[to] =
        one[at] === other[to]
          ? (lengths[at + 1]?.[to + 1] ?? 0) + 1
          : Math.max(lengths[at + 1]?.[to] ?? 0, row[to + 1] ?? 0)
    }
  }
  return lengths
}
