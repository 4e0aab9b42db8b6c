export type PayloadResult = { payload: Record<string, unknown> } | { problem: string }

/** Parses a typed body: a JSON object, or the problem and its position. */
export function readPayload(text: string): PayloadResult {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return { payload: value as Record<string, unknown> }
    return { problem: 'The body must be a JSON object: { … }.' }
  } catch (error) {
    return {
      problem: `This is not valid JSON: ${addPosition(error instanceof Error ? error.message : '', text)}`,
    }
  }
}

/** Adds line and column to an error message that has only a position. */
function addPosition(message: string, text: string): string {
  const position = /at position (\d+)(?! \(line)/.exec(message)?.[1]
  if (position === undefined || message.includes('(line')) return message
  const before = text.slice(0, Number(position)).split('\n')
  return `${message} (line ${before.length} column ${(before.at(-1)?.length ?? 0) + 1})`
}
