import { webhookTypes, type PlanBody } from '@ghostpost/client'
import type { Command } from 'commander'
import { parseTimeAgo } from './times.ts'

/** What a delivery filter is said with on a command line. */
export interface FilterOptions {
  visitor?: string
  user?: string
  text?: string
  type?: string
  destination?: string
  receiver?: string
  status?: string
  cause?: string
  responseStatus?: string
  failure?: string
  operation?: string
  from?: string
  to?: string
}

type Filter = NonNullable<PlanBody['filter']>

export function addFilterOptions(command: Command): void {
  command
    .option('--visitor <ghost_vid>', 'of this visitor')
    .option('--user <name>', 'of visitors the site calls so, as an e-mail address')
    .option('--text <words>', 'of visitors whose name, company or id has such words; or a delivery id')
    .option('--type <types>', `${webhookTypes.join(', ')}; several with commas`)
    .option('--destination <id>', 'to this saved destination')
    .option('--receiver <host>', 'to this host')
    .option(
      '--status <states>',
      'queued, delivering, retrying, delivered, failed, cancelled; several with commas',
    )
    .option('--cause <code>', 'with this last error')
    .option('--response-status <status>', 'answered so last: 404, or 5xx')
    .option('--failure <fingerprint>', 'of this failure group')
    .option('--operation <id>', 'made or sent again by this operation')
    .option('--from <time>', 'created since: 2026-11-23T10:00:00Z, or 2h for two hours ago', parseTimeAgo)
    .option('--to <time>', 'created before', parseTimeAgo)
}

/** The filter as the API takes it; parts that were not said are not there. */
export function filterOf(options: FilterOptions): Filter {
  const filter: Record<keyof Filter, string | undefined> = {
    ghost_vid: options.visitor,
    identified_user: options.user,
    text: options.text,
    webhook_type: options.type,
    destination_id: options.destination,
    receiver: options.receiver,
    status: options.status,
    cause: options.cause,
    response_status: options.responseStatus,
    failure: options.failure,
    operation_id: options.operation,
    from: options.from,
    to: options.to,
  }
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined))
}
