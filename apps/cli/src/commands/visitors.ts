import { createWriteStream, type WriteStream } from 'node:fs'
import { orThrow } from '@ghostpost/client'
import { Option, type Command } from 'commander'
import { defineCommand, positiveInteger, type CommandDeps, type Context } from '../define-command.ts'
import { exitCodes } from '../exit-codes.ts'
import { parseMapping } from '../import/map-columns.ts'
import { readRecords } from '../import/read-records.ts'
import { sendRecords, type ImportCounts, type RefusedRow } from '../import/send-records.ts'
import { formatTable } from '../output.ts'
import { formatTime } from '../times.ts'

interface ImportOptions {
  map?: ReadonlyMap<string, string>
  idFrom?: string
  encoding: 'utf-8' | 'latin1'
  dryRun?: true
  rejected?: string
  skip?: number
}

interface ListOptions {
  text?: string
  limit?: number
}

export function visitorCommands(group: Command, deps: CommandDeps): void {
  defineCommand<ListOptions>(group, deps, {
    usage: 'list',
    summary: 'List the visitors of a site, the one seen last first.',
    example: 'visitors list --text "jane acme"',
    options: (command) =>
      command
        .option('--text <words>', 'beginnings of words of the name, the company or an id')
        .option('--limit <number>', 'at most this many, up to 100', positiveInteger),
    run: list,
  })
  defineCommand(group, deps, {
    usage: 'show <id>',
    summary: 'Show a visitor, and what was exported where.',
    example: 'visitors show gv_a1b2c3d4_e5f6g7h8',
    run: async (context, id) => {
      const params = { path: { ghost_vid: id }, query: context.siteQuery }
      const view = await orThrow(context.client().GET('/api/visitors/{ghost_vid}', { params }))
      context.show(view, (value) => JSON.stringify(value, null, 2))
    },
  })
  defineCommand<ImportOptions>(group, deps, {
    usage: 'import <file>',
    summary: 'Store the visitors of a CSV or NDJSON file. Safe to repeat.',
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
        .option('--skip <rows>', 'skip the rows that an interrupted import has sent', positiveInteger),
    run: importFile,
  })
}

async function list(context: Context<ListOptions>): Promise<void> {
  const { text, limit } = context.options
  const query = {
    ...context.siteQuery,
    ...(text !== undefined && { text }),
    ...(limit !== undefined && { limit: String(limit) }),
  }
  const page = await orThrow(context.client().GET('/api/visitors', { params: { query } }))
  context.show(page, ({ items }) =>
    formatTable(
      ['VISITOR', 'PERSON', 'NAME', 'COMPANY', 'SCORE', 'LAST SEEN (UTC)'],
      items.map((one) => [
        one.ghost_vid,
        one.identified_user_id,
        one.name,
        one.company,
        one.score,
        formatTime(one.last_seen),
      ]),
    ),
  )
}

async function importFile(context: Context<ImportOptions>, path: string): Promise<number> {
  const { map = new Map(), idFrom = null, encoding, dryRun, rejected, skip = 0 } = context.options
  const rejections = rejected === undefined ? null : createWriteStream(rejected)
  let done = skip
  const onBatch = (counts: ImportCounts, refused: readonly RefusedRow[]): void => {
    done = skip + counts.rows
    context.output.note(`${formatCounts(counts)} …`)
    if (rejections) for (const one of refused) rejections.write(`${rejectionOf(one)}\n`)
    else for (const one of refused.slice(0, 3)) context.output.note(`row ${one.row}: ${formatReason(one)}`)
  }
  try {
    const records = readRecords({ path, mapped: map, idFrom, encoding })
    const options = { siteQuery: context.siteQuery, isDryRun: dryRun ?? false, skip, onBatch }
    const counts = await sendRecords(context.client(), records, options)
    context.show(counts, (value) => formatCounts(value) + (dryRun ? '. Nothing was stored.' : '.'))
    return counts.refused > 0 ? exitCodes.failed : exitCodes.ok
  } catch (error) {
    if (done > skip) context.output.note(`${done} rows are stored. Continue with --skip ${done}.`)
    throw error
  } finally {
    if (rejections) await endOf(rejections)
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
