import { createReadStream, statSync } from 'node:fs'
import { parse } from 'csv-parse'
import { UsageError } from '../exit-codes.ts'
import { mapColumns, visitorOfCells, type Cells, type ColumnMap } from './map-columns.ts'

export interface ImportFile {
  path: string
  mapped: ReadonlyMap<string, string>
  idFrom: string | null
  encoding: 'utf-8' | 'latin1'
  /** Called with the part of the file that has been read, from 0 to 1. */
  onRead?: (part: number) => void
}

/** The text of each row as JSON, as the API takes it. Bad rows are the API's to refuse. */
export function readRecords(file: ImportFile): AsyncIterable<string> {
  if (/\.(ndjson|jsonl)$/i.test(file.path)) return readLines(file)
  if (/\.csv$/i.test(file.path)) return readCsv(file)
  throw new UsageError('The file has to be .csv, .ndjson or .jsonl.')
}

async function* readLines(file: ImportFile): AsyncGenerator<string> {
  if (file.mapped.size > 0 || file.idFrom !== null)
    throw new UsageError('--map and --id-from are for CSV: each line of NDJSON is a visitor already.')
  let rest = ''
  for await (const text of readText(file)) {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    yield* lines.filter((line) => line.trim() !== '')
  }
  if (rest.trim() !== '') yield rest
}

async function* readCsv(file: ImportFile): AsyncGenerator<string> {
  const lastSeen = statSync(file.path).mtime.toISOString()
  let names: readonly string[] = []
  let columns: ColumnMap | undefined
  for await (const cells of parseCsv(file, (head) => void (names = head))) {
    columns ??= columnsOf(names, file, lastSeen)
    yield JSON.stringify(visitorOfCells(cells, columns))
  }
}

function columnsOf(names: readonly string[], { mapped, idFrom }: ImportFile, lastSeen: string): ColumnMap {
  const columns = mapColumns(names, { mapped, idFrom, lastSeen })
  if ('problem' in columns) throw new UsageError(columns.problem)
  return columns
}

/** @param onHead called with the names of the columns before the first row */
async function* parseCsv(
  file: ImportFile,
  onHead: (names: readonly string[]) => void,
): AsyncGenerator<Cells> {
  const texts = readText(file)
  const first = await texts.next()
  const head = first.done ? '' : first.value
  const parser = parse({
    columns: (names: string[]) => {
      onHead(names)
      return names
    },
    delimiter: delimiterOf(head),
    skip_empty_lines: true,
    relax_column_count: true,
    trim: false,
  })
  void feed(parser, head, texts)
  try {
    for await (const cells of parser) yield cells as Cells
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(`The file is no CSV: ${error instanceof Error ? error.message : String(error)}`)
  }
}

async function feed(
  parser: ReturnType<typeof parse>,
  head: string,
  rest: AsyncIterable<string>,
): Promise<void> {
  try {
    parser.write(head)
    for await (const text of rest)
      if (!parser.write(text)) await new Promise((resolve) => parser.once('drain', resolve))
    parser.end()
  } catch (error) {
    parser.destroy(error instanceof Error ? error : new Error(String(error)))
  }
}

/** The one that the first line has most of. Spreadsheets of many countries write semicolons. */
function delimiterOf(head: string): string {
  const line = head.split(/\r?\n/, 1)[0] ?? ''
  const count = (one: string): number => line.split(one).length
  return [',', ';', '\t'].toSorted((one, other) => count(other) - count(one))[0] ?? ','
}

/** @throws UsageError for a file that is not in the encoding, or cannot be read */
async function* readText({ path, encoding, onRead }: ImportFile): AsyncGenerator<string, undefined> {
  const decoder = new TextDecoder(encoding, { fatal: true })
  try {
    const { size } = statSync(path)
    let bytes = 0
    for await (const chunk of createReadStream(path)) {
      bytes += (chunk as Buffer).length
      onRead?.(size === 0 ? 1 : Math.min(bytes / size, 1))
      yield decoder.decode(chunk as Buffer, { stream: true })
    }
    yield decoder.decode()
  } catch (error) {
    if (error instanceof TypeError)
      throw new UsageError(`${path} is not in ${encoding}. For an older spreadsheet: --encoding latin1`)
    throw new UsageError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
  return undefined
}
