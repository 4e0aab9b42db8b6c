import stringWidth from 'string-width'
import type { ProcessIo } from './process-io.ts'

/** Where results and remarks go. What comes from receivers and visitors cannot steer the terminal. */
export interface Output {
  /** The result, for a person, on stdout. */
  line: (text: string) => void
  /** The result, for a program, on stdout. */
  json: (value: unknown) => void
  /** One of many results, for a program, on stdout: one line each. */
  jsonLine: (value: unknown) => void
  /** Anything else, on stderr. */
  note: (text: string) => void
}

export function openOutput({ stdout, stderr }: Pick<ProcessIo, 'stdout' | 'stderr'>): Output {
  return {
    line: (text) => void stdout.write(`${maskControls(text)}\n`),
    json: (value) => void stdout.write(`${escapeJson(JSON.stringify(value, null, 2))}\n`),
    jsonLine: (value) => void stdout.write(`${escapeJson(JSON.stringify(value))}\n`),
    note: (text) => void stderr.write(`${maskControls(text)}\n`),
  }
}

/** C1 controls and marks that turn the direction of text; JSON escapes the C0 controls by itself. */
const unsafeCharacters = /[\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const controls = /[\u0000-\u0009\u000b-\u001f]/g

function maskControls(text: string): string {
  return text.replaceAll(controls, '·').replaceAll(unsafeCharacters, '·')
}

function escapeJson(json: string): string {
  return json.replaceAll(unsafeCharacters, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

type Cell = string | number | null

/** Rows under headings, each column as wide as it needs to be. */
export function formatTable(headings: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const texts = [headings, ...rows.map((row) => row.map(cellOf))]
  const widths = headings.map((_, column) => Math.max(...texts.map((row) => stringWidth(row[column] ?? ''))))
  return texts
    .map((row) =>
      row
        .map((cell, column) => padCell(cell, widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** Names and values; what is null or empty is left out. */
export function formatFields(values: Readonly<Record<string, Cell>>): string {
  const present = Object.entries(values).filter(([, value]) => value !== null && value !== '')
  const width = Math.max(...present.map(([name]) => name.length))
  return present.map(([name, value]) => `${name.padEnd(width)}  ${cellOf(value)}`).join('\n')
}

function cellOf(value: Cell): string {
  return value === null ? '' : String(value).replaceAll(/\s+/g, ' ')
}

function padCell(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)))
}
