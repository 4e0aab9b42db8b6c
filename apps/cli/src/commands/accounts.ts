import { orThrow, type AccountView, type AccountWithLink } from '@ghostpost/client'
import type { Command } from 'commander'
import { defineCommand, type CommandDeps, type Context } from '../define-command.ts'
import { UsageError } from '../exit-codes.ts'
import { formatFields, formatTable } from '../output.ts'
import { parseRole, roleArgument } from '../parse-role.ts'
import { formatTime } from '../times.ts'

interface InviteOptions {
  role: AccountView['role']
  name?: string
}

export function accountCommands(group: Command, deps: CommandDeps): void {
  defineCommand(group, deps, {
    usage: 'list',
    summary: 'List the accounts with a role in a site.',
    example: 'accounts list --site 4',
    run: async (context) => context.show(await listOf(context), formatList),
  })
  defineCommand<InviteOptions>(group, deps, {
    usage: 'invite <email>',
    summary: 'Invite a person to a site, and print the link for them once.',
    example: 'accounts invite ada@example.com --role operator --name "Ada Lovelace"',
    options: (command) =>
      command
        .requiredOption('--role <role>', 'viewer, operator or admin', parseRole)
        .option('--name <name>', 'the person’s name (default: the e-mail address)'),
    run: invite,
  })
  defineCommand(group, deps, {
    usage: 'role <account> <role>',
    summary: 'Change the role of an account in a site.',
    example: 'accounts role ada@example.com admin',
    run: changeRole,
  })
  defineCommand(group, deps, {
    usage: 'remove <account>',
    summary: 'Take the role of an account in a site away, and revoke its API keys there.',
    example: 'accounts remove ada@example.com --site 4',
    run: remove,
  })
  defineCommand(group, deps, {
    usage: 'disable <account>',
    summary: 'Disable an account: its sessions end, and its API keys do not work.',
    example: 'accounts disable ada@example.com',
    run: (context, account) => setState(context, account, 'disable'),
  })
  defineCommand(group, deps, {
    usage: 'enable <account>',
    summary: 'Enable a disabled account.',
    example: 'accounts enable ada@example.com',
    run: (context, account) => setState(context, account, 'enable'),
  })
  defineCommand(group, deps, {
    usage: 'reset <account>',
    summary: 'Make a link by which its owner sets a new password, and print it once.',
    example: 'accounts reset ada@example.com',
    run: reset,
  })
}

function listOf(context: Context<object>): Promise<{ items: AccountView[] }> {
  return orThrow(context.client().GET('/api/accounts', { params: { query: context.siteQuery } }))
}

/** The id of an account that is named by its id or its e-mail address. */
async function idOf(context: Context<object>, account: string): Promise<string> {
  if (!account.includes('@')) return account
  const { items } = await listOf(context)
  const found = items.find(({ email }) => email === account.toLowerCase())
  if (!found) throw new UsageError(`No account of this site has the address ${account}.`)
  return found.id
}

async function invite(context: Context<InviteOptions>, email: string): Promise<void> {
  const { role, name, site } = context.options
  const body = {
    email,
    role,
    ...(name !== undefined && { name }),
    ...(site !== undefined && { siteId: site }),
  }
  showLink(context, await orThrow(context.client().POST('/api/accounts', { body })))
}

async function changeRole(context: Context<object>, account: string, roleText: string): Promise<void> {
  const role = roleArgument(roleText)
  const id = await idOf(context, account)
  const { site } = context.options
  const body = { role, ...(site !== undefined && { siteId: site }) }
  const changed = await orThrow(
    context.client().PATCH('/api/accounts/{id}', { params: { path: { id } }, body }),
  )
  context.show(changed, ({ email }) => `${email} is ${changed.role}.`)
}

async function remove(context: Context<object>, account: string): Promise<void> {
  const id = await idOf(context, account)
  const params = { path: { id }, query: context.siteQuery }
  await orThrow(context.client().DELETE('/api/accounts/{id}', { params }))
  context.show({ id, removed: true }, () => `${account} has no role in this site.`)
}

async function setState(
  context: Context<object>,
  account: string,
  verb: 'disable' | 'enable',
): Promise<void> {
  const id = await idOf(context, account)
  const params = { path: { id }, query: context.siteQuery }
  const changed = await orThrow(context.client().POST(`/api/accounts/{id}/${verb}`, { params }))
  context.show(changed, ({ email, state }) => `${email} is ${state === 'disabled' ? 'disabled' : 'enabled'}.`)
}

async function reset(context: Context<object>, account: string): Promise<void> {
  const id = await idOf(context, account)
  const params = { path: { id }, query: context.siteQuery }
  showLink(context, await orThrow(context.client().POST('/api/accounts/{id}/link', { params })))
}

function showLink(context: Context<object>, result: AccountWithLink): void {
  const { account, link, emailed } = result
  if (link !== null)
    context.output.note(
      emailed
        ? `The link was sent to ${account.email}. It is not shown again.`
        : 'No e-mail was sent: give the link to the person. It is not shown again.',
    )
  context.show(result, () =>
    formatFields({
      account: account.email,
      role: account.role,
      state: account.state,
      link,
      expires: result.link_expires_at === null ? null : `${formatTime(result.link_expires_at)} UTC`,
    }),
  )
}

function formatList({ items }: { items: AccountView[] }): string {
  return formatTable(
    ['ACCOUNT', 'E-MAIL', 'NAME', 'ROLE', 'STATE', 'LAST SEEN (UTC)', 'LINK EXPIRES (UTC)'],
    items.map((one) => [
      one.id,
      one.email,
      one.name,
      one.role,
      one.state,
      formatTime(one.last_seen_at),
      formatTime(one.link_expires_at),
    ]),
  )
}
