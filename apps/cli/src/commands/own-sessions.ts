import { orThrow, type OwnSession } from '@ghostpost/client'
import type { Command } from 'commander'
import { defineCommand, type CommandDeps } from '../define-command.ts'
import { formatTable } from '../output.ts'
import { formatTime } from '../times.ts'

export function ownSessionCommands(group: Command, deps: CommandDeps): void {
  defineCommand(group, deps, {
    usage: 'list',
    summary: 'List your own sessions.',
    example: 'sessions list',
    run: async (context) => context.show(await orThrow(context.client().GET('/api/sessions')), formatList),
  })
  defineCommand(group, deps, {
    usage: 'end <id>',
    summary: 'End one of your own sessions.',
    example: 'sessions end 019aa3f0-7c1e-4d1a-9c55-0b8f5a3f2e11',
    run: async (context, id) => {
      await orThrow(context.client().DELETE('/api/sessions/{id}', { params: { path: { id } } }))
      context.show({ id, ended: true }, () => `${id} has ended.`)
    },
  })
  defineCommand(group, deps, {
    usage: 'end-others',
    summary: 'End all your own sessions except the one in use.',
    example: 'sessions end-others',
    run: async (context) => {
      await orThrow(context.client().DELETE('/api/sessions'))
      context.show({ ended: true }, () => 'All your other sessions have ended.')
    },
  })
}

function formatList({ items }: { items: OwnSession[] }): string {
  return formatTable(
    ['SESSION', 'PROGRAM', 'FROM', 'SIGNED IN (UTC)', 'LAST USED (UTC)', 'ENDS (UTC)', ''],
    items.map((one) => [
      one.id,
      one.user_agent,
      one.network,
      formatTime(one.created_at),
      formatTime(one.last_used_at),
      formatTime(one.expires_at),
      one.current ? 'in use' : '',
    ]),
  )
}
