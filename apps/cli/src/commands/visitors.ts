import { orThrow } from '@ghostpost/client'
import type { Command } from 'commander'
import { defineCommand, positiveInteger, type CommandDeps, type Context } from '../define-command.ts'
import { formatTable } from '../output.ts'
import { formatTime } from '../times.ts'
import { importCommand } from './import-visitors.ts'

interface ListOptions {
  text?: string
  limit?: number
}

export function visitorCommands(group: Command, deps: CommandDeps): void {
  defineCommand<ListOptions>(group, deps, {
    usage: 'list',
    summary: 'List the visitors of a site, the one seen last first.',
    example: 'visitors list --text "jane acme"',
    options: (command) =>
      command
        .option('--text <words>', 'beginnings of words of the name, the company or an id')
        .option('--limit <number>', 'at most this many, up to 100', positiveInteger),
    run: list,
  })
  defineCommand(group, deps, {
    usage: 'show <id>',
    summary: 'Show a visitor, and what was exported where.',
    example: 'visitors show gv_a1b2c3d4_e5f6g7h8',
    run: async (context, id) => {
      const params = { path: { ghost_vid: id }, query: context.siteQuery }
      const view = await orThrow(context.client().GET('/api/visitors/{ghost_vid}', { params }))
      context.show(view, (value) => JSON.stringify(value, null, 2))
    },
  })
  importCommand(group, deps)
  defineCommand(group, deps, {
    usage: 'unsuppress <id>',
    summary: 'Lift the suppression of an erased visitor, who may then be stored again. Needs the role admin.',
    example: 'visitors unsuppress gv_a1b2c3d4_e5f6g7h8',
    run: async (context, id) => {
      const params = { path: { ghost_vid: id }, query: context.siteQuery }
      await orThrow(context.client().DELETE('/api/visitors/{ghost_vid}/suppression', { params }))
      context.show({ ghost_vid: id, suppressed: false }, () => `${id} may be stored and exported again.`)
    },
  })
}

async function list(context: Context<ListOptions>): Promise<void> {
  const { text, limit } = context.options
  const query = {
    ...context.siteQuery,
    ...(text !== undefined && { text }),
    ...(limit !== undefined && { limit: String(limit) }),
  }
  const page = await orThrow(context.client().GET('/api/visitors', { params: { query } }))
  context.show(page, ({ items }) =>
    formatTable(
      ['VISITOR', 'PERSON', 'NAME', 'COMPANY', 'SCORE', 'LAST SEEN (UTC)'],
      items.map((one) => [
        one.ghost_vid,
        one.identified_user_id,
        one.name,
        one.company,
        one.score,
        formatTime(one.last_seen),
      ]),
    ),
  )
}
