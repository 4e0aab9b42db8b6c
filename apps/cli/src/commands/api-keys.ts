import { orThrow, type ApiKeyView } from '@ghostpost/client'
import type { Command } from 'commander'
import { defineCommand, positiveInteger, type CommandDeps, type Context } from '../define-command.ts'
import { formatTable } from '../output.ts'
import { parseRole } from '../parse-role.ts'
import { formatTime } from '../times.ts'

type Role = ApiKeyView['role']

interface CreateOptions {
  name: string
  role: Role
  days?: number
}

export function apiKeyCommands(group: Command, deps: CommandDeps): void {
  defineCommand(group, deps, {
    usage: 'list',
    summary: 'List the API keys of a site.',
    example: 'api-keys list',
    run: async (context) => {
      const params = { query: context.siteQuery }
      context.show(await orThrow(context.client().GET('/api/api-keys', { params })), formatList)
    },
  })
  defineCommand<CreateOptions>(group, deps, {
    usage: 'create',
    summary: 'Create an API key, and print it once.',
    example: 'api-keys create --name "nightly feed" --role operator --days 90',
    options: (command) =>
      command
        .requiredOption('--name <name>', 'what the key is for')
        .option('--role <role>', 'viewer, operator or admin: at most your own role', parseRole, 'operator')
        .option('--days <number>', 'days until it expires (default: 90, set by the API)', positiveInteger),
    run: create,
  })
  defineCommand(group, deps, {
    usage: 'revoke <id>',
    summary: 'Revoke an API key. It stops working within 3 seconds.',
    example: 'api-keys revoke 019aa3f0-7c1e-4d1a-9c55-0b8f5a3f2e11',
    run: async (context, id) => {
      await orThrow(context.client().DELETE('/api/api-keys/{id}', { params: { path: { id } } }))
      context.show({ id, revoked: true }, () => `${id} is revoked.`)
    },
  })
}

async function create(context: Context<CreateOptions>): Promise<void> {
  const { name, role, days, site } = context.options
  const body = {
    name,
    role,
    ...(days !== undefined && { expires_in_days: days }),
    ...(site !== undefined && { siteId: site }),
  }
  const created = await orThrow(context.client().POST('/api/api-keys', { body }))
  context.output.note('Keep the key now: it is not shown again.')
  context.show(created, ({ key }) => key)
}

function formatList({ items }: { items: ApiKeyView[] }): string {
  return formatTable(
    ['KEY', 'NAME', 'ROLE', 'BEGINS WITH', 'STATE', 'CREATED BY', 'LAST USED (UTC)', 'EXPIRES (UTC)'],
    items.map((one) => [
      one.id,
      one.name,
      one.role,
      one.prefix,
      one.state,
      one.created_by,
      formatTime(one.last_used_at),
      formatTime(one.expires_at),
    ]),
  )
}
