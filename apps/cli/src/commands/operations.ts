import { orThrow, type OperationItem, type OperationView } from '@ghostpost/client'
import type { Command } from 'commander'
import { defineCommand, positiveInteger, type Context, type Definitions } from '../define-command.ts'
import { countsOf, storyOf } from '../describe-operation.ts'
import { table } from '../output.ts'
import { readUpTo } from '../read-up-to.ts'
import { shortTime } from '../times.ts'
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

const anId = '019aa3f0-7c1e-7d1a-9c55-0b8f5a3f2e11'

export function operationCommands(group: Command, within: Definitions): void {
  runCommands(group, within)
  lookCommands(group, within)
  changeCommands(group, within)
  defineCommand<ItemOptions>(group, within, {
    usage: 'items <id>',
    summary: 'The ledger: what became of each member.',
    example: `operations items ${anId} --outcome failed`,
    options: (command) =>
      command
        .option('--outcome <outcome>', 'waiting, delivered, failed, skipped or cancelled')
        .option('--limit <count>', 'as many at most', positiveInteger, 50)
        .option('--cursor <cursor>', 'go on where an earlier list ended')
        .option('--csv', 'all of them as CSV'),
    run: items,
  })
}

function lookCommands(group: Command, within: Definitions): void {
  defineCommand<ListOptions>(group, within, {
    usage: 'list',
    summary: 'Operations of a site, newest first.',
    example: 'operations list --limit 20',
    options: (command) =>
      command
        .option('--limit <count>', 'about as many at most, in whole pages', positiveInteger, 50)
        .option('--cursor <cursor>', 'go on where an earlier list ended'),
    run: list,
  })
  defineCommand(group, within, {
    usage: 'show <id>',
    summary: 'One operation with its progress.',
    example: `operations show ${anId}`,
    run: async (context, id) => {
      const call = context.client().GET('/api/operations/{id}', { params: { path: { id } } })
      context.show(await orThrow(call), storyOf)
    },
  })
  defineCommand(group, within, {
    usage: 'watch <id>',
    summary: 'Watch an operation until it ends; Ctrl-C ends the watching only.',
    example: `operations watch ${anId}`,
    run: async (context, id) => {
      const { operation, exitCode } = await watchOperation(context, id)
      context.show(operation, storyOf)
      return exitCode
    },
  })
}

function changeCommands(group: Command, within: Definitions): void {
  defineCommand<{ reason?: string }>(group, within, {
    usage: 'pause <id>',
    summary: 'Begin nothing more of it; what is being sent settles.',
    example: `operations pause ${anId} --reason "their CRM is slow"`,
    options: (command) => command.option('--reason <text>', 'told to who looks at it'),
    run: async (context, id) => {
      const { reason } = context.options
      const body = reason === undefined ? {} : { reason }
      const params = { path: { id } }
      context.show(
        await orThrow(context.client().POST('/api/operations/{id}/pause', { params, body })),
        changed,
      )
    },
  })
  defineCommand(group, within, {
    usage: 'resume <id>',
    summary: 'Go on with one that was paused.',
    example: `operations resume ${anId}`,
    run: async (context, id) => {
      const params = { path: { id } }
      context.show(await orThrow(context.client().POST('/api/operations/{id}/resume', { params })), changed)
    },
  })
  defineCommand(group, within, {
    usage: 'cancel <id>',
    summary: 'End it; what was delivered stays delivered.',
    example: `operations cancel ${anId}`,
    run: async (context, id) => {
      const params = { path: { id } }
      context.show(await orThrow(context.client().POST('/api/operations/{id}/cancel', { params })), changed)
    },
  })
}

function changed(operation: OperationView): string {
  return `${operation.operation_id} is ${operation.state}: ${countsOf(operation)}.`
}

async function list(context: Context<ListOptions>): Promise<void> {
  const { options, siteQuery, output } = context
  const client = context.client()
  const read = await readUpTo(
    options.limit,
    (cursor) => client.GET('/api/operations', { params: { query: { ...siteQuery, ...cursor } } }),
    options.cursor,
  )
  context.show(read, (page) => tableOf(page.items))
  if (!options.json && read.next !== null) output.note(`There are more: --cursor ${read.next}`)
}

function tableOf(operations: readonly OperationView[]): string {
  if (operations.length === 0) return 'There are none.'
  return table(
    ['OPERATION', 'CREATED (UTC)', 'KIND', 'STATE', 'MATCHED', 'DELIVERED', 'FAILED', 'SKIPPED', 'BY'],
    operations.map(({ counts, ...one }) => [
      one.operation_id,
      shortTime(one.created_at),
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
  const wanted = options.outcome === undefined ? {} : { outcome: options.outcome }
  const path = { id }
  if (options.csv) {
    const params = { path, query: wanted }
    const call = client.GET('/api/operations/{id}/items/export', { params, parseAs: 'stream' })
    return writeStream(context, call)
  }
  const read = await readUpTo(
    options.limit,
    (cursor, limit) =>
      client.GET('/api/operations/{id}/items', { params: { path, query: { ...wanted, ...cursor, limit } } }),
    options.cursor,
  )
  context.show(read, (page) => ledgerOf(page.items))
  if (!options.json && read.next !== null) output.note(`There are more: --cursor ${read.next}`)
}

function ledgerOf(members: readonly OperationItem[]): string {
  if (members.length === 0) return 'There are none.'
  return table(
    ['#', 'OUTCOME', 'REASON', 'VISITOR', 'DELIVERY', 'MADE FROM'],
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
