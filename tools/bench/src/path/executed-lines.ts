/** What V8 reports of one script; offsets count UTF-16 units of its source. */
export interface ScriptCoverage {
  url: string
  functions: readonly FunctionCoverage[]
}

interface FunctionCoverage {
  /** The function as a whole, then its blocks that ran a different number of times. */
  ranges: readonly { startOffset: number; endOffset: number; count: number }[]
}

/** Start offsets of a script's functions, with the number of their calls. */
export function callCounts(script: ScriptCoverage | undefined): Map<number, number> {
  const wholes = script?.functions.map(({ ranges }) => ranges[0]) ?? []
  return new Map(wholes.flatMap((whole) => (whole ? [[whole.startOffset, whole.count]] : [])))
}

/**
 * Counts the lines of code that ran in a function: no blank lines, no comments. Code at the top level of a module runs
 * once at start and does not count.
 * @param background calls per function in an idle time of at least the same length; such calls do not count
 */
export function countExecutedLines(
  source: string,
  script: ScriptCoverage,
  background: ReadonlyMap<number, number>,
): number {
  const executed = new Uint8Array(source.length)
  // V8 lists outer functions before inner ones, so an inner range overwrites the outer one.
  for (const { ranges } of script.functions) {
    const [whole] = ranges
    if (!whole) continue
    const isModule = whole.startOffset === 0 && whole.endOffset >= source.length
    const isBackground = whole.count <= (background.get(whole.startOffset) ?? 0)
    for (const { startOffset, endOffset, count } of ranges)
      executed.fill(count > 0 && !isModule && !isBackground ? 1 : 0, startOffset, endOffset)
  }
  return linesOf(source).filter(({ text, offset }) => isCode(text) && hasExecuted(executed, text, offset))
    .length
}

function linesOf(source: string): { text: string; offset: number }[] {
  let offset = 0
  return source.split('\n').map((text) => {
    const line = { text, offset }
    offset += text.length + 1
    return line
  })
}

function isCode(text: string): boolean {
  return !/^\s*($|\/\/|\/\*|\*)/.test(text)
}

function hasExecuted(executed: Uint8Array, text: string, offset: number): boolean {
  for (let index = 0; index < text.length; index += 1)
    if (executed[offset + index] === 1 && text[index] !== ' ') return true
  return false
}
