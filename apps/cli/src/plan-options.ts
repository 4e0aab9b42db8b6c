import type { PlanBody } from '@ghostpost/client'
import type { Command } from 'commander'
import { positiveInteger, type CommonOptions } from './define-command.ts'
import { UsageError } from './exit-codes.ts'
import { addFilterOptions, filterOf, type FilterOptions } from './filter-options.ts'
import { readStdin, type ProcessIo } from './process-io.ts'
import { parseTimeAgo } from './times.ts'

/** The options of a plan. */
export interface PlanOptions extends FilterOptions {
  kind?: string
  idsStdin?: true
  includeRecovered?: true
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
  cancel: 'cancel',
}
/** Enough for 10,000 ids with a line end each. */
const idBytesMax = 524_288

export function addPlanOptions(command: Command): void {
  command.option(
    '--kind <kind>',
    'resend (the stored payload), re-export (the current profile), export (visitors) or cancel (what waits)',
  )
  addFilterOptions(command)
  command
    .option('--ids-stdin', 'read delivery ids from stdin, one per line, instead of a filter')
    .option('--identified', 'export: only identified visitors')
    .option('--no-identified', 'export: only anonymous visitors')
    .option('--score-min <score>', 'export: only with at least this score', positiveInteger)
    .option('--country <name>', 'export: only from this country')
    .option('--seen-from <time>', 'export: only last seen since: a time, or 7d', parseTimeAgo)
    .option('--seen-to <time>', 'export: only last seen before this time', parseTimeAgo)
    .option(
      '--to-destination <id>',
      'target destination; required for export; re-export uses the original one by default',
    )
    .option('--include-recovered', 'also send dead letters of which a copy was delivered')
    .option('--rate <count>', 'maximum deliveries per second (default: 50; 1000 to cancel)', positiveInteger)
    .option('--no-canary', 'do not send ten first as a canary')
}

/**
 * Reads the body of a plan request from the options, and ids from stdin.
 * @throws UsageError without a kind
 */
export async function readPlanBody(
  options: PlanOptions & CommonOptions,
  stdin: ProcessIo['stdin'],
): Promise<PlanBody> {
  const kind = kinds[options.kind ?? '']
  if (!kind) throw new UsageError(`Set --kind to one of: ${Object.keys(kinds).join(', ')}.`)
  const filter = filterOf(options)
  const visitors = visitorFilterOf(options)
  return {
    kind,
    canary: options.canary,
    ...(options.site !== undefined && { siteId: options.site }),
    ...(options.rate !== undefined && { rate: options.rate }),
    ...(options.includeRecovered && { include_recovered: true }),
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
  if (ids.length === 0) throw new UsageError('stdin contains no delivery ids.')
  return ids
}
