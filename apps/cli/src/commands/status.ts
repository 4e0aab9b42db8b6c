import { orThrow, type Client } from '@ghostpost/client'
import type { Command } from 'commander'
import { defineCommand, type CommandDeps } from '../define-command.ts'
import { exitCodes } from '../exit-codes.ts'
import { formatFields, formatTable } from '../output.ts'
import { formatSpan, formatTime } from '../times.ts'

type System = Awaited<ReturnType<typeof readSystem>>

/** What an on-call engineer asks first: does everything run, and what waits for what. */
export function statusCommands(root: Command, deps: CommandDeps): void {
  defineCommand(root, deps, {
    usage: 'status',
    summary: 'Show whether everything runs. Exits with 1 when something does not.',
    example: 'status',
    run: async (context) => {
      const system = await readSystem(context.client())
      context.show(system, formatStatus)
      return problemsOf(system).length === 0 ? exitCodes.ok : exitCodes.failed
    },
  })
  defineCommand(root, deps, {
    usage: 'queues',
    summary: 'Show what waits in each lane, and for which receivers.',
    example: 'queues',
    run: async (context) => context.show(await readSystem(context.client()), formatQueues),
  })
}

function readSystem(client: Client) {
  return orThrow(client.GET('/api/system'))
}

/** What needs a person, as sentences. */
function problemsOf({ checks, workers, lanes, backlog }: System): string[] {
  return [
    ...(checks.database === 'ok' ? [] : [`The database is ${checks.database}.`]),
    ...(checks.queue === 'ok' ? [] : [`The queue is ${checks.queue}.`]),
    ...(workers.length > 0 ? [] : ['No worker is running.']),
    ...(lanes ?? []).flatMap(({ lane, paused }) =>
      paused ? [`The lane ${lane} is paused: ${paused.reason}`] : [],
    ),
    ...backlog.held_receivers
      .filter(({ reason }) => reason === 'breaker_open')
      .map((held) => `${held.count} deliveries wait for ${nameOf(held)}: its circuit breaker is open.`),
  ]
}

function nameOf(held: System['backlog']['held_receivers'][number]): string {
  return held.destination_name ?? held.receiver
}

function formatStatus(system: System): string {
  const { version, checks, workers, backlog } = system
  const held = backlog.lanes.reduce((sum, lane) => sum + lane.held_by_receiver, 0)
  const paused = backlog.lanes.reduce((sum, lane) => sum + lane.held, 0)
  const problems = problemsOf(system)
  const fields = formatFields({
    version,
    database: checks.database,
    queue: checks.queue,
    workers: workers.length,
    due: backlog.due,
    'oldest due for': backlog.oldest_due_seconds === null ? null : formatSpan(backlog.oldest_due_seconds),
    'held by receivers': held,
    paused,
  })
  return `${fields}\n\n${problems.length === 0 ? 'All is well.' : problems.join('\n')}`
}

function formatQueues({ backlog, lanes }: System): string {
  const table = formatTable(
    [
      'LANE',
      'STATE',
      'DUE',
      'OLDEST',
      'HELD BY RECEIVERS',
      'PAUSED',
      'IN 1 MIN',
      'IN 10 MIN',
      'IN 1 H',
      'LATER',
    ],
    backlog.lanes.map((one) => [
      one.lane,
      lanes?.find(({ lane }) => lane === one.lane)?.paused ? 'paused' : one.draining.state,
      one.due,
      one.oldest_due_seconds === null ? null : formatSpan(one.oldest_due_seconds),
      one.held_by_receiver,
      one.held,
      ...one.coming.map(({ count }) => count),
    ]),
  )
  if (backlog.held_receivers.length === 0) return table
  const held = formatTable(
    ['RECEIVER', 'WHY', 'TRIED AGAIN (UTC)', 'DELIVERIES'],
    backlog.held_receivers.map((one) => [nameOf(one), one.reason, formatTime(one.until), one.count]),
  )
  return `${table}\n\n${held}`
}
