import { orThrow, type DeliverySummary, type DeliveryView } from '@ghostpost/client'
import type { Command } from 'commander'
import {
  defineCommand,
  positiveInteger,
  type CommonOptions,
  type Context,
  type CommandDeps,
} from '../define-command.ts'
import { addFilterOptions, filterOf, type FilterOptions } from '../filter-options.ts'
import { formatBreakerClosed } from '../format-breaker-closed.ts'
import { formatFields, formatTable } from '../output.ts'
import { readPages } from '../read-pages.ts'
import { formatTime } from '../times.ts'
import { writeStream } from '../write-stream.ts'
import { replayCommands } from './replay.ts'
import { tailCommand } from './tail.ts'

interface ListOptions extends FilterOptions {
  limit: number
  cursor?: string
}

interface ExportOptions extends FilterOptions {
  format?: 'csv' | 'ndjson'
}

export function deliveryCommands(group: Command, deps: CommandDeps): void {
  defineCommand<ListOptions>(group, deps, {
    usage: 'list',
    summary: 'List deliveries, newest first; the options filter them.',
    example: 'deliveries list --status failed,retrying --from 2h --limit 200',
    options: (command) => {
      addFilterOptions(command)
      command
        .option('--limit <count>', 'maximum number of deliveries', positiveInteger, 50)
        .option('--cursor <cursor>', 'continue after an earlier list')
    },
    run: list,
  })
  defineCommand(group, deps, {
    usage: 'show <id>',
    summary: 'Show a delivery with all its attempts.',
    example: 'deliveries show 019aa3f0-7c1e-7d1a-9c55-0b8f5a3f2e11',
    run: async (context, id) => {
      const path = { id }
      context.show(
        await orThrow(context.client().GET('/api/deliveries/{id}', { params: { path } })),
        formatDelivery,
      )
    },
  })
  defineCommand(group, deps, {
    usage: 'explain <id>',
    summary: 'Show why a delivery waits, and what to do.',
    example: 'deliveries explain 019aa3f0-7c1e-7d1a-9c55-0b8f5a3f2e11',
    run: explain,
  })
  defineCommand(group, deps, {
    usage: 'close-breaker <id>',
    summary: 'Close the circuit breaker of a delivery’s receiver, so that it is tried now.',
    example: 'deliveries close-breaker 019aa3f0-7c1e-7d1a-9c55-0b8f5a3f2e11',
    run: async (context, id) => {
      const params = { path: { id } }
      context.show(
        await orThrow(context.client().POST('/api/deliveries/{id}/close-breaker', { params })),
        formatBreakerClosed,
      )
    },
  })
  tailCommand(group, deps)
  defineCommand<ExportOptions>(group, deps, {
    usage: 'export',
    summary: 'Stream all matching deliveries to stdout.',
    example: 'deliveries export --status failed --from 7d > failed.csv',
    options: (command) => {
      addFilterOptions(command)
      command.option('--format <format>', 'csv (default) or ndjson; --json implies ndjson')
    },
    run: exportAll,
  })
  replayCommands(group, deps)
}

async function list(context: Context<ListOptions>): Promise<void> {
  const { options, siteQuery, output } = context
  const client = context.client()
  const filter = filterOf(options)
  const result = await readPages(
    options.limit,
    (cursor, limit) =>
      client.GET('/api/deliveries', { params: { query: { ...siteQuery, ...filter, ...cursor, limit } } }),
    options.cursor,
  )
  context.show(result, ({ items }) => formatList(items))
  if (!options.json && result.next !== null) output.note(`There are more: --cursor ${result.next}`)
}

function formatList(deliveries: readonly DeliverySummary[]): string {
  if (deliveries.length === 0) return 'There are none.'
  return formatTable(
    ['DELIVERY', 'CREATED (UTC)', 'STATUS', 'TYPE', 'RECEIVER', 'VISITOR', 'ATTEMPTS', 'LAST ERROR'],
    deliveries.map((one) => [
      one.delivery_id,
      formatTime(one.created_at),
      one.status,
      one.webhook_type,
      one.destination_name ?? one.receiver,
      one.identified_user ?? one.ghost_vid,
      one.attempts,
      one.last_error?.code ?? '',
    ]),
  )
}

function formatDelivery(delivery: DeliveryView): string {
  const head = formatFields({
    delivery: delivery.delivery_id,
    status: delivery.status,
    visitor: delivery.ghost_vid,
    site: delivery.siteId,
    type: delivery.webhook_type,
    receiver: delivery.receiver,
    destination: delivery.destination_id,
    created: delivery.created_at,
    delivered: delivery.delivered_at,
    'next attempt': formatNextAttempt(delivery.next_attempt),
    error: delivery.last_error && `${delivery.last_error.message} (${delivery.last_error.code})`,
    remedy: delivery.attempts.at(-1)?.error?.remedy ?? null,
    failure: delivery.failure,
    operation: delivery.operation_id,
    'created from': delivery.made_from,
    'recovered by': delivery.recovered_by,
    'alert rule': delivery.alert_rule_id,
  })
  const rows = delivery.attempts.map((one) => [
    one.number,
    formatTime(one.started_at),
    `${one.duration_ms} ms`,
    formatTimings(one.timings),
    one.outcome,
    one.response_status,
    one.decision,
    one.error?.code ?? '',
  ])
  const attempts = formatTable(
    ['ATTEMPT', 'STARTED (UTC)', 'DURATION', 'DNS/TCP/TLS/TTFB', 'OUTCOME', 'STATUS', 'DECISION', 'ERROR'],
    rows,
  )
  return rows.length === 0 ? `${head}\n\nNo attempt was made yet.` : `${head}\n\n${attempts}`
}

const reasonTexts = {
  first: 'due immediately',
  schedule: 'by the retry schedule',
  receiver_asked: 'by the receiver’s Retry-After',
} as const

function formatNextAttempt(next: DeliveryView['next_attempt']): string | null {
  return next && `${next.at}, attempt ${next.number} of ${next.of}, ${reasonTexts[next.because]}`
}

/** Formats milliseconds; a dash for a phase that did not happen, as on a reused connection. */
function formatTimings(timings: DeliveryView['attempts'][number]['timings']): string {
  if (timings === null) return ''
  const parts = [timings.dns_ms, timings.connect_ms, timings.tls_ms, timings.first_byte_ms]
  return parts.map((ms) => (ms === null ? '–' : String(Math.round(ms)))).join('/')
}

async function explain(context: Context<object>, id: string): Promise<void> {
  const call = context.client().GET('/api/deliveries/{id}/explain', { params: { path: { id } } })
  context.show(await orThrow(call), ({ status, reasons }) =>
    [
      `The delivery is ${status}.`,
      ...reasons.map(({ text, until, remedy }) =>
        [text, until && `Until ${until}.`, remedy].filter(Boolean).join(' '),
      ),
    ].join('\n'),
  )
}

async function exportAll(context: Context<ExportOptions>): Promise<void> {
  const query = { ...context.siteQuery, ...filterOf(context.options), format: exportFormat(context.options) }
  const client = context.client()
  const call = client.GET('/api/deliveries/export', { params: { query }, parseAs: 'stream' })
  await writeStream(context, call)
}

function exportFormat({ format, json }: ExportOptions & CommonOptions): 'csv' | 'ndjson' {
  return format ?? (json ? 'ndjson' : 'csv')
}
