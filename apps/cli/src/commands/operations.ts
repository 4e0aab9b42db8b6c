import { orThrow, type OperationItem, type OperationView } from '@ghostpost/client'
import type { Command } from 'commander'
import { defineCommand, positiveInteger, type Context, type CommandDeps } from '../define-command.ts'
import { formatCounts, formatOperation } from '../format-operation.ts'
import { itemOutcomes } from '../filter-values.ts'
import { formatTable } from '../output.ts'
import { readPages } from '../read-pages.ts'
import { formatTime } from '../times.ts'
import { watchOperation } from '../watch-operation.ts'
import { writeStream } from '../write-stream.ts'
import { runCommands } from './run-operation.ts'

interface ItemOptions {
  outcome?: OperationItem['outcome']
  limit: number
  cursor?: string
  csv?: true
}

interface ListOptions {
  limit: number
  cursor?: string
}

const exampleId = '019aa3f0-7c1e-7d1a-9c55-0b8f5a3f2e11'

export function operationCommands(group: Command, deps: CommandDeps): void {
  runCommands(group, deps)
  readCommands(group, deps)
  changeCommands(group, deps)
  defineCommand<ItemOptions>(group, deps, {
    usage: 'items <id>',
    summary: 'List the members of an operation and their outcomes.',
    example: `operations items ${exampleId} --outcome failed`,
    options: (command) =>
      command
        .option('--outcome <outcome>', `only with this outcome: ${itemOutcomes.join(', ')}`)
        .option('--limit <count>', 'maximum number of members', positiveInteger, 50)
        .option('--cursor <cursor>', 'continue after an earlier list')
        .option('--csv', 'stream all members as CSV'),
    run: items,
  })
}

function readCommands(group: Command, deps: CommandDeps): void {
  defineCommand<ListOptions>(group, deps, {
    usage: 'list',
    summary: 'List the operations of a site, newest first.',
    example: 'operations list --limit 20',
    options: (command) =>
      command
        .option(
          '--limit <count>',
          'maximum number of operations, rounded up to whole pages',
          positiveInteger,
          50,
        )
        .option('--cursor <cursor>', 'continue after an earlier list'),
    run: list,
  })
  defineCommand(group, deps, {
    usage: 'show <id>',
    summary: 'Show an operation with its progress.',
    example: `operations show ${exampleId}`,
    run: async (context, id) => {
      const call = context.client().GET('/api/operations/{id}', { params: { path: { id } } })
      context.show(await orThrow(call), formatOperation)
    },
  })
  defineCommand(group, deps, {
    usage: 'watch <id>',
    summary: 'Watch an operation until it ends; Ctrl-C stops only the watching.',
    example: `operations watch ${exampleId}`,
    run: async (context, id) => {
      const { operation, exitCode } = await watchOperation(context, id)
      context.show(operation, formatOperation)
      return exitCode
    },
  })
}

function changeCommands(group: Command, deps: CommandDeps): void {
  defineCommand<{ reason?: string }>(group, deps, {
    usage: 'pause <id>',
    summary: 'Pause an operation; requests in flight finish.',
    example: `operations pause ${exampleId} --reason "their CRM is slow"`,
    options: (command) => command.option('--reason <text>', 'reason, shown with the operation'),
    run: async (context, id) => {
      const { reason } = context.options
      const body = reason === undefined ? {} : { reason }
      const params = { path: { id } }
      context.show(
        await orThrow(context.client().POST('/api/operations/{id}/pause', { params, body })),
        formatChange,
      )
    },
  })
  defineCommand(group, deps, {
    usage: 'resume <id>',
    summary: 'Resume a paused operation.',
    example: `operations resume ${exampleId}`,
    run: async (context, id) => {
      const params = { path: { id } }
      context.show(
        await orThrow(context.client().POST('/api/operations/{id}/resume', { params })),
        formatChange,
      )
    },
  })
  defineCommand(group, deps, {
    usage: 'cancel <id>',
    summary: 'Cancel an operation; delivered members stay delivered.',
    example: `operations cancel ${exampleId}`,
    run: async (context, id) => {
      const params = { path: { id } }
      context.show(
        await orThrow(context.client().POST('/api/operations/{id}/cancel', { params })),
        formatChange,
      )
    },
  })
}

function formatChange(operation: OperationView): string {
  return `${operation.operation_id} is ${operation.state}: ${formatCounts(operation)}.`
}

async function list(context: Context<ListOptions>): Promise<void> {
  const { options, siteQuery, output } = context
  const client = context.client()
  const result = await readPages(
    options.limit,
    (cursor) => client.GET('/api/operations', { params: { query: { ...siteQuery, ...cursor } } }),
    options.cursor,
  )
  context.show(result, (page) => formatList(page.items))
  if (!options.json && result.next !== null) output.note(`There are more: --cursor ${result.next}`)
}

function formatList(operations: readonly OperationView[]): string {
  if (operations.length === 0) return 'There are none.'
  return formatTable(
    ['OPERATION', 'CREATED (UTC)', 'KIND', 'STATE', 'MATCHED', 'DELIVERED', 'FAILED', 'SKIPPED', 'BY'],
    operations.map(({ counts, ...one }) => [
      one.operation_id,
      formatTime(one.created_at),
      one.kind,
      one.state,
      counts.matched,
      counts.delivered,
      counts.failed,
      counts.skipped,
      one.created_by,
    ]),
  )
}

async function items(context: Context<ItemOptions>, id: string): Promise<void> {
  const { options, output } = context
  const client = context.client()
  const outcomeQuery = options.outcome === undefined ? {} : { outcome: options.outcome }
  const path = { id }
  if (options.csv) {
    const params = { path, query: outcomeQuery }
    const call = client.GET('/api/operations/{id}/items/export', { params, parseAs: 'stream' })
    return writeStream(context, call)
  }
  const result = await readPages(
    options.limit,
    (cursor, limit) =>
      client.GET('/api/operations/{id}/items', {
        params: { path, query: { ...outcomeQuery, ...cursor, limit } },
      }),
    options.cursor,
  )
  context.show(result, (page) => formatItems(page.items))
  if (!options.json && result.next !== null) output.note(`There are more: --cursor ${result.next}`)
}

function formatItems(members: readonly OperationItem[]): string {
  if (members.length === 0) return 'There are none.'
  return formatTable(
    ['#', 'OUTCOME', 'REASON', 'VISITOR', 'DELIVERY', 'CREATED FROM'],
    members.map((one) => [
      one.number,
      one.outcome,
      one.reason,
      one.ghost_vid,
      one.delivery_id,
      one.source_delivery_id,
    ]),
  )
}
