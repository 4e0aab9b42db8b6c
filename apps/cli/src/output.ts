import stringWidth from 'string-width'
import type { ProcessIo } from './process-io.ts'

/** Writes results and notes. Masks control characters: data of receivers and visitors must not control the terminal. */
export interface Output {
  /** Prints the result as text on stdout. */
  line: (text: string) => void
  /** Prints the result as JSON on stdout. */
  json: (value: unknown) => void
  /** Prints one of many results as a line of JSON on stdout. */
  jsonLine: (value: unknown) => void
  /** Prints anything else on stderr. */
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

/** C1 controls and bidirectional marks. JSON.stringify already escapes C0 controls. */
const unsafeCharacters = /[\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g
// oxlint-disable-next-line no-control-regex -- the pattern must match them
const controls = /[\u0000-\u0009\u000b-\u001f]/g

function maskControls(text: string): string {
  return text.replaceAll(controls, '·').replaceAll(unsafeCharacters, '·')
}

function escapeJson(json: string): string {
  return json.replaceAll(unsafeCharacters, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

type Cell = string | number | null

/** Formats rows under headings, with columns as wide as their content. */
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

/** Formats names and values; leaves out null and empty values. */
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
