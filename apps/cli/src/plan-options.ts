import type { PlanBody } from '@ghostpost/client'
import type { Command } from 'commander'
import { positiveInteger, type CommonOptions } from './define-command.ts'
import { UsageError } from './exit-codes.ts'
import { addFilterOptions, filterOf, type FilterOptions } from './filter-options.ts'
import { readStdin, type ProcessIo } from './process-io.ts'
import { parseTimeAgo } from './times.ts'

/** What a plan is made of on a command line. */
export interface PlanOptions extends FilterOptions {
  kind?: string
  idsStdin?: true
  toDestination?: string
  rate?: number
  canary: boolean
  identified?: boolean
  scoreMin?: number
  country?: string
  seenFrom?: string
  seenTo?: string
}

const kinds: Readonly<Record<string, PlanBody['kind']>> = {
  resend: 'resend',
  're-export': 're_export',
  export: 'export',
}
/** 10,000 ids with a line end each, with room to spare. */
const idBytesMax = 524_288

export function addPlanOptions(command: Command): void {
  command.option('--kind <kind>', 'resend (the stored bytes), re-export (fresh data) or export (visitors)')
  addFilterOptions(command)
  command
    .option('--ids-stdin', 'delivery ids from stdin, one a line, instead of a filter')
    .option('--identified', 'export: only visitors the site has a name for')
    .option('--no-identified', 'export: only others')
    .option('--score-min <score>', 'export: with this score or more', positiveInteger)
    .option('--country <name>', 'export: from this country')
    .option('--seen-from <time>', 'export: last seen since: a time, or 7d', parseTimeAgo)
    .option('--seen-to <time>', 'export: last seen before', parseTimeAgo)
    .option('--to-destination <id>', 'where to: needed for export; re-export goes where it went unless given')
    .option('--rate <count>', 'deliveries a second at most (default: 50)', positiveInteger)
    .option('--no-canary', 'without trying ten first')
}

/**
 * The plan as the API takes it.
 * @throws UsageError without a kind
 */
export async function readPlanBody(
  options: PlanOptions & CommonOptions,
  stdin: ProcessIo['stdin'],
): Promise<PlanBody> {
  const kind = kinds[options.kind ?? '']
  if (!kind) throw new UsageError(`Say --kind with one of: ${Object.keys(kinds).join(', ')}.`)
  const filter = filterOf(options)
  const visitors = visitorFilterOf(options)
  return {
    kind,
    canary: options.canary,
    ...(options.site !== undefined && { siteId: options.site }),
    ...(options.rate !== undefined && { rate: options.rate }),
    ...(options.toDestination !== undefined && { destination_id: options.toDestination }),
    ...(Object.keys(filter).length > 0 && { filter }),
    ...(Object.keys(visitors).length > 0 && { visitors }),
    ...(options.idsStdin && { delivery_ids: await readIds(stdin) }),
  }
}

function visitorFilterOf(options: PlanOptions): NonNullable<PlanBody['visitors']> {
  return {
    ...(options.identified !== undefined && { identified: options.identified }),
    ...(options.scoreMin !== undefined && { score_min: options.scoreMin }),
    ...(options.country !== undefined && { country: options.country }),
    ...(options.seenFrom !== undefined && { seen_from: options.seenFrom }),
    ...(options.seenTo !== undefined && { seen_to: options.seenTo }),
  }
}

async function readIds(stdin: ProcessIo['stdin']): Promise<string[]> {
  const ids = (await readStdin(stdin, idBytesMax)).split(/\s+/).filter(Boolean)
  if (ids.length === 0) throw new UsageError('No delivery ids were piped in.')
  return ids
}
