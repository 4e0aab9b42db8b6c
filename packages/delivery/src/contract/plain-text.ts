import { Type, type TString } from 'typebox'

/**
 * Text that people write and that goes into e-mails, chat messages, files and the dashboard. Control characters could
 * add lines or drive a terminal, and bidirectional controls (UAX #9) could reorder the text around them.
 */

const lineEnds = '\\n\\r\\u0085\\u2028\\u2029'
const directionControls = '\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069'
const controls = '\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u0084\\u0086-\\u009f'

const linePattern = `^[^\\t${lineEnds}${controls}${directionControls}]*$`
const textPattern = `^[^${controls}${directionControls}]*$`

const expectations: Readonly<Record<string, string>> = {
  [linePattern]: 'one line, without control characters and bidirectional controls',
  [textPattern]: 'text without control characters and bidirectional controls',
}

type TextOptions = NonNullable<Parameters<typeof Type.String>[0]>

/** A name or another short text in one line. */
export function lineOfText(options: TextOptions): TString {
  return Type.String({ ...options, pattern: linePattern })
}

/** A note, which may have several lines. */
export function plainText(options: TextOptions): TString {
  return Type.String({ ...options, pattern: textPattern })
}

/** What a caller should send where a pattern did not match. */
export function expectationOfPattern(pattern: string): string {
  return expectations[pattern] ?? `text that matches ${pattern}`
}
