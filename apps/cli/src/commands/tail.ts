import { liveEvents, type LiveEvent } from '@ghostpost/client'
import type { Command } from 'commander'
import { defineCommand, positiveInteger, type Context, type CommandDeps } from '../define-command.ts'
import { exitCodes } from '../exit-codes.ts'

interface TailOptions {
  status?: string
  type?: string
  receiver?: string
  destination?: string
  cause?: string
  operation?: string
  count?: number
}

type LiveDelivery = Extract<LiveEvent, { name: 'deliveries' }>['data']['deliveries'][number]

export function tailCommand(group: Command, deps: CommandDeps): void {
  defineCommand<TailOptions>(group, deps, {
    usage: 'tail',
    summary: 'Follow deliveries live as their states change, until Ctrl-C.',
    example: 'deliveries tail --status failed,retrying',
    options: (command) =>
      command
        .option('--status <states>', 'only deliveries that enter these states; separate with commas')
        .option('--type <types>', 'only to these destination types; separate with commas')
        .option('--receiver <host>', 'only to this host')
        .option('--destination <id>', 'only to this saved destination')
        .option('--cause <code>', 'only with this error code')
        .option('--operation <id>', 'only of this operation')
        .option('--count <count>', 'exit after this many deliveries', positiveInteger),
    run: tail,
  })
}

async function tail(context: Context<TailOptions>): Promise<number> {
  const { output, options } = context
  const ending = new AbortController()
  const release = context.onInterrupt(() => ending.abort())
  const siteId = options.site === undefined ? {} : { siteId: options.site }
  let left = options.count ?? Number.POSITIVE_INFINITY
  try {
    for await (const event of liveEvents(context.client(), { ...siteId, signal: ending.signal })) {
      if (event.name === 'reset')
        output.note('Some events were missed; list the deliveries with: ghostpost deliveries list')
      if (event.name !== 'deliveries') continue
      const accepted = event.data.deliveries.filter((one) => matchesOptions(one, options)).slice(0, left)
      for (const one of accepted) printDelivery(context, one)
      if (event.data.more > 0) output.note(`… and ${event.data.more} more at the same time`)
      left -= accepted.length
      if (left <= 0) return exitCodes.ok
    }
    return exitCodes.interrupted
  } finally {
    release()
  }
}

function matchesOptions(one: LiveDelivery, options: TailOptions): boolean {
  return (
    isOneOf(one.status, options.status) &&
    isOneOf(one.webhook_type, options.type) &&
    isOneOf(one.receiver, options.receiver) &&
    isOneOf(one.destination_id, options.destination) &&
    isOneOf(one.cause, options.cause) &&
    isOneOf(one.operation_id, options.operation)
  )
}

function isOneOf(value: string | null, accepted: string | undefined): boolean {
  return accepted === undefined || accepted.split(',').includes(value ?? '')
}

/** Fixed column widths: later rows are not known yet. */
function printDelivery({ output, options }: Context<TailOptions>, one: LiveDelivery): void {
  if (options.json) return output.jsonLine(one)
  const time = new Date().toISOString().slice(11, 19)
  const columns = [time, one.status.padEnd(10), one.delivery_id, one.webhook_type.padEnd(10), one.receiver]
  output.line([...columns, ...(one.cause === null ? [] : [one.cause])].join('  '))
}
