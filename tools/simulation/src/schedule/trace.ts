/** What happened in a run, in order. Two runs with the same seed have the same hash. */
export interface Trace {
  add: (line: string) => void
  /** Sixteen hexadecimal digits. */
  hash: () => string
  /** Empty unless the lines are kept. */
  lines: () => readonly string[]
}

/** @param keepsLines false: only the hash is computed, so that a long run needs no memory */
export function openTrace(keepsLines: boolean): Trace {
  const lines: string[] = []
  let low = 0x811c9dc5
  let high = 0x050c5d1f
  return {
    add: (line) => {
      for (let index = 0; index < line.length; index += 1) {
        const code = line.charCodeAt(index)
        low = Math.imul(low ^ code, 0x01000193)
        high = Math.imul(high ^ code, 0x85ebca6b)
      }
      high = (high ^ (low >>> 13)) | 0
      if (keepsLines) lines.push(line)
    },
    hash: () => hexOf(high) + hexOf(low),
    lines: () => lines,
  }
}

function hexOf(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0')
}
