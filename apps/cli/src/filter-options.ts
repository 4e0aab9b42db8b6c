import { webhookTypes, type PlanBody } from '@ghostpost/client'
import type { Command } from 'commander'
import { deliveryStatuses } from './filter-values.ts'
import { parseTimeAgo } from './times.ts'

/** The options of a delivery filter. */
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
    .option('--visitor <ghost_vid>', 'only deliveries of this visitor')
    .option(
      '--user <name>',
      'only of visitors that the site identifies by this name, such as an e-mail address',
    )
    .option('--text <words>', 'only of visitors whose name, company or id has these words; or a delivery id')
    .option(
      '--type <types>',
      `only to these destination types: ${webhookTypes.join(', ')}; separate with commas`,
    )
    .option('--destination <id>', 'only to this saved destination')
    .option('--receiver <host>', 'only to this host')
    .option('--status <states>', `only in these states: ${deliveryStatuses.join(', ')}; separate with commas`)
    .option('--cause <code>', 'only with this last error code')
    .option('--response-status <status>', 'only with this last response status: 404, or 5xx')
    .option('--failure <fingerprint>', 'only of this failure group')
    .option('--operation <id>', 'only created or resent by this operation')
    .option(
      '--from <time>',
      'only created since: 2026-11-23T10:00:00Z, or 2h for two hours ago',
      parseTimeAgo,
    )
    .option('--to <time>', 'only created before this time', parseTimeAgo)
}

/** The filter for the API, without the options that are not set. */
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
