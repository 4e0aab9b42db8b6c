import { createWriteStream, type WriteStream } from 'node:fs'
import { Option, type Command } from 'commander'
import { defineCommand, positiveInteger, type CommandDeps, type Context } from '../define-command.ts'
import { exitCodes, UsageError } from '../exit-codes.ts'
import { parseMapping } from '../import/map-columns.ts'
import { readPostgres, type QueriedRecord } from '../import/read-postgres.ts'
import { readRecords } from '../import/read-records.ts'
import { sendRecords, type ImportCounts, type RefusedRow } from '../import/send-records.ts'
import { openImportProgress } from '../import/show-progress.ts'

interface ImportOptions {
  map?: ReadonlyMap<string, string>
  idFrom?: string
  encoding: 'utf-8' | 'latin1'
  dryRun?: true
  rejected?: string
  skip?: number
  from?: string
  query?: string
  cursor?: string
  after?: string
}

/** Where the records come from, and how an interrupted import continues. */
interface Source {
  records: AsyncIterable<string>
  /** How much of it has been read, from 0 to 1; null when its size is unknown. */
  partRead: () => number | null
  /** Says that so many rows have been sent. */
  sent: (rowsDone: number) => void
  /** The options that continue after the sent rows; null when there are none. */
  continueWith: () => string | null
}

export function importCommand(group: Command, deps: CommandDeps): void {
  defineCommand<ImportOptions>(group, deps, {
    usage: 'import [file]',
    summary: 'Store the visitors of a CSV or NDJSON file, or of a query on Postgres. Safe to repeat.',
    example: 'visitors import leads.csv --map email=identified_user_id --id-from email',
    options: (command) =>
      command
        .option('--map <column=field>', 'where a column goes; also traits.<name>; repeatable', parseMapping)
        .option('--id-from <column>', 'make the ids from this column, such as an e-mail address')
        .addOption(
          new Option('--encoding <name>', 'of the file').choices(['utf-8', 'latin1']).default('utf-8'),
        )
        .option('--dry-run', 'check all rows and store nothing')
        .option('--rejected <file>', 'write the refused rows with the reasons there, as NDJSON')
        .option('--skip <rows>', 'skip the rows that an interrupted import has sent', positiveInteger)
        .option(
          '--from <url>',
          'read from this Postgres instead of a file; password: PGPASSWORD or ~/.pgpass',
        )
        .option('--query <sql>', 'with --from: one query whose columns are fields, or mapped ones')
        .option('--cursor <column>', 'with --from: read in the order of this column, to be able to continue')
        .option('--after <value>', 'with --cursor: continue at this value'),
    run: importVisitors,
  })
}

async function importVisitors(context: Context<ImportOptions>, path: string | undefined): Promise<number> {
  const { dryRun, rejected, skip = 0 } = context.options
  const source = path === undefined ? querySource(context) : fileSource(context, path)
  const rejections = rejected === undefined ? null : createWriteStream(rejected)
  const progress = openImportProgress(context)
  let done = skip
  const onBatch = (counts: ImportCounts, refused: readonly RefusedRow[]): void => {
    done = skip + counts.rows
    source.sent(done)
    progress.show(source.partRead(), formatCounts(counts))
    if (rejections) for (const one of refused) rejections.write(`${rejectionOf(one)}\n`)
    else for (const one of refused.slice(0, 3)) context.output.note(`row ${one.row}: ${formatReason(one)}`)
  }
  try {
    const options = { siteQuery: context.siteQuery, isDryRun: dryRun ?? false, skip, onBatch }
    const counts = await sendRecords(context.client(), source.records, options)
    progress.stop()
    context.show(counts, (value) => formatCounts(value) + (dryRun ? '. Nothing was stored.' : '.'))
    return counts.refused > 0 ? exitCodes.failed : exitCodes.ok
  } catch (error) {
    progress.stop()
    const next = done > skip && !dryRun ? source.continueWith() : null
    if (next !== null) context.output.note(`${done} rows are stored. Continue with ${next}.`)
    throw error
  } finally {
    if (rejections) await endOf(rejections)
  }
}

function fileSource({ options }: Context<ImportOptions>, path: string): Source {
  const { map = new Map(), idFrom = null, encoding, from, query, cursor, after } = options
  if ([from, query, cursor, after].some((one) => one !== undefined))
    throw new UsageError('Give a file, or --from and --query, not both.')
  let part = 0
  let rows = 0
  const onRead = (read: number): void => void (part = read)
  return {
    records: readRecords({ path, mapped: map, idFrom, encoding, onRead }),
    partRead: () => part,
    sent: (done) => void (rows = done),
    continueWith: () => `--skip ${rows}`,
  }
}

function querySource({ options, output }: Context<ImportOptions>): Source {
  const { map = new Map(), idFrom = null, from, query, cursor = null, after = null } = options
  if (from === undefined || query === undefined)
    throw new UsageError('Give a file, or --from postgres://… with --query.')
  const url = URL.canParse(from) ? new URL(from) : null
  if (!url || !/^postgres(ql)?:$/.test(url.protocol))
    throw new UsageError('--from needs a URL such as postgres://reader@db.example.com/shop')
  if (after !== null && cursor === null) throw new UsageError('--after needs --cursor.')
  if (url.password !== '')
    output.note('Others on this machine can see the password in --from: use PGPASSWORD or ~/.pgpass.')
  /** The cursors of the rows that were read and not sent yet; `sentRows` were sent before them. */
  const waiting: (string | null)[] = []
  let sentRows = 0
  let last: string | null = null
  return {
    records: recordsOf(readPostgres({ url: from, query, cursor, after, mapped: map, idFrom }), waiting),
    partRead: () => null,
    sent: (done) => {
      last = waiting.splice(0, done - sentRows).at(-1) ?? null
      sentRows = done
    },
    continueWith: () => (last === null ? null : `--cursor ${cursor} --after '${last}'`),
  }
}

async function* recordsOf(
  rows: AsyncIterable<QueriedRecord>,
  waiting: (string | null)[],
): AsyncGenerator<string> {
  for await (const { record, cursor } of rows) {
    waiting.push(cursor)
    yield record
  }
}

function endOf(stream: WriteStream): Promise<void> {
  return new Promise((resolve) => stream.end(resolve))
}

function rejectionOf({ row, record, error }: RefusedRow): string {
  return JSON.stringify({ row, error, record })
}

function formatReason({ error: { message, details = [] } }: RefusedRow): string {
  return details.length === 0
    ? message
    : details.map(({ field, expected }) => `${field}: ${expected}`).join('; ')
}

function formatCounts({ rows, created, updated, unchanged, suppressed, refused }: ImportCounts): string {
  return (
    `${rows} rows: ${created} created, ${updated} updated, ${unchanged} unchanged, ` +
    `${suppressed} suppressed, ${refused} refused`
  )
}
