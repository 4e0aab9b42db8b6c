import { orThrow, type FailureGroup } from '@ghostpost/client'
import type { Command } from 'commander'
import { defineCommand, type Context, type CommandDeps } from '../define-command.ts'
import { failureStates } from '../filter-values.ts'
import { formatFields, formatTable } from '../output.ts'
import { formatTime, parseTimeAhead } from '../times.ts'

type State = FailureGroup['state']

interface ChangeOptions {
  note?: string
  until?: string
}

const noteOption = ['--note <text>', 'note for other users'] as const

export function failureCommands(group: Command, deps: CommandDeps): void {
  defineCommand<{ state?: State }>(group, deps, {
    usage: 'list',
    summary: 'List dead letters, grouped by cause and receiver.',
    example: 'failures list --state open',
    options: (command) =>
      command.option('--state <state>', `only in this state: ${failureStates.join(', ')}`),
    run: async (context) => {
      const { state } = context.options
      const query = { ...context.siteQuery, ...(state && { state }) }
      context.show(await orThrow(context.client().GET('/api/failures', { params: { query } })), formatList)
    },
  })
  defineCommand(group, deps, {
    usage: 'show <fingerprint>',
    summary: 'Show a failure group and how to solve it.',
    example: 'failures show 5d41402abc4b2a76',
    run: async (context, fingerprint) => {
      const params = { path: { fingerprint }, query: context.siteQuery }
      context.show(
        await orThrow(context.client().GET('/api/failures/{fingerprint}', { params })),
        formatGroup,
      )
    },
  })
  defineCommand<ChangeOptions>(group, deps, {
    usage: 'ack <fingerprint>',
    summary: 'Acknowledge a failure group.',
    example: 'failures ack 5d41402abc4b2a76 --note "Their CRM is down until noon"',
    options: (command) => command.option(...noteOption),
    run: (context, fingerprint) => changeGroup(context, fingerprint, 'acknowledged'),
  })
  defineCommand<ChangeOptions>(group, deps, {
    usage: 'ignore <fingerprint>',
    summary: 'Ignore a failure group for a time.',
    example: 'failures ignore 5d41402abc4b2a76 --until 7d',
    options: (command) =>
      command
        .requiredOption(
          '--until <time>',
          '2026-12-01T10:00:00Z, or 7d for seven days from now',
          parseTimeAhead,
        )
        .option(...noteOption),
    run: (context, fingerprint) => changeGroup(context, fingerprint, 'ignored'),
  })
  defineCommand<ChangeOptions>(group, deps, {
    usage: 'resolve <fingerprint>',
    summary: 'Resolve a failure group; the next failure opens it again.',
    example: 'failures resolve 5d41402abc4b2a76',
    options: (command) => command.option(...noteOption),
    run: (context, fingerprint) => changeGroup(context, fingerprint, 'resolved'),
  })
}

async function changeGroup(
  context: Context<ChangeOptions>,
  fingerprint: string,
  state: State,
): Promise<void> {
  const { note, until } = context.options
  const call = context.client().PATCH('/api/failures/{fingerprint}', {
    params: { path: { fingerprint }, query: context.siteQuery },
    body: {
      state,
      ...(note !== undefined && { note }),
      ...(until !== undefined && { ignored_until: until }),
    },
  })
  context.show(await orThrow(call), (group) => `${group.fingerprint} is ${group.state}.`)
}

function formatList({ items }: { items: FailureGroup[] }): string {
  if (items.length === 0) return 'There are none.'
  return formatTable(
    ['FAILURE', 'COUNT', 'LAST HOUR', 'CAUSE', 'TYPE', 'RECEIVER', 'STATE', 'LAST SEEN (UTC)'],
    items.map((one) => [
      one.fingerprint,
      formatCount(one),
      one.last_hour,
      one.cause,
      one.webhook_type,
      one.destination_name ?? one.receiver,
      one.state,
      formatTime(one.last_seen),
    ]),
  )
}

function formatCount({ count, capped }: FailureGroup): string {
  return capped ? `${count}+` : String(count)
}

function formatGroup(group: FailureGroup): string {
  const { replays } = group
  return formatFields({
    failure: group.fingerprint,
    state: group.reopened ? `${group.state} again: it was resolved and has failed since` : group.state,
    'ignored until': group.ignored_until,
    note: group.note,
    cause: group.cause,
    message: group.message,
    remedy: group.remedy,
    receiver: group.receiver,
    destination: group.destination_name,
    count: formatCount(group),
    recovered: group.recovered,
    'last 15 minutes': group.last_15_minutes,
    'last hour': group.last_hour,
    'last day': group.last_day,
    'last week': group.last_week,
    'first seen': group.first_seen,
    'last seen': group.last_seen,
    sample: group.sample_delivery_id,
    replays: formatReplays(replays),
  })
}

function formatReplays({ resent, delivered, failed_again: again, moved }: FailureGroup['replays']): string {
  return `${resent} resent: ${delivered} delivered, ${again} failed again, ${moved} failed for another cause`
}
