import { liveEvents, type LiveEvent } from '@ghostpost/client'
import type { Command } from 'commander'
import { defineCommand, positiveInteger, type Context, type Definitions } from '../define-command.ts'
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

type Told = Extract<LiveEvent, { name: 'deliveries' }>['data']['deliveries'][number]

export function tailCommand(group: Command, within: Definitions): void {
  defineCommand<TailOptions>(group, within, {
    usage: 'tail',
    summary: 'Deliveries as they are accepted, retried, delivered and given up on, live, until Ctrl-C.',
    example: 'deliveries tail --status failed,retrying',
    options: (command) =>
      command
        .option('--status <states>', 'only those that enter one of these states; with commas')
        .option('--type <types>', 'only these kinds of destination; with commas')
        .option('--receiver <host>', 'only to this host')
        .option('--destination <id>', 'only to this saved destination')
        .option('--cause <code>', 'only with this error')
        .option('--operation <id>', 'only of this operation')
        .option('--count <count>', 'end after so many', positiveInteger),
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
        output.note('Some were missed; the list has them: ghostpost deliveries list')
      if (event.name !== 'deliveries') continue
      const wanted = event.data.deliveries.filter((one) => isWanted(one, options)).slice(0, left)
      for (const one of wanted) tell(context, one)
      if (event.data.more > 0) output.note(`… and ${event.data.more} more at that moment`)
      left -= wanted.length
      if (left <= 0) return exitCodes.ok
    }
    return exitCodes.interrupted
  } finally {
    release()
  }
}

function isWanted(one: Told, options: TailOptions): boolean {
  return (
    isOneOf(one.status, options.status) &&
    isOneOf(one.webhook_type, options.type) &&
    isOneOf(one.receiver, options.receiver) &&
    isOneOf(one.destination_id, options.destination) &&
    isOneOf(one.cause, options.cause) &&
    isOneOf(one.operation_id, options.operation)
  )
}

function isOneOf(value: string | null, wanted: string | undefined): boolean {
  return wanted === undefined || wanted.split(',').includes(value ?? '')
}

/** Columns of a fixed width: what comes later is not known. */
function tell({ output, options }: Context<TailOptions>, one: Told): void {
  if (options.json) return output.jsonLine(one)
  const time = new Date().toISOString().slice(11, 19)
  const columns = [time, one.status.padEnd(10), one.delivery_id, one.webhook_type.padEnd(10), one.receiver]
  output.line([...columns, ...(one.cause === null ? [] : [one.cause])].join('  '))
}
