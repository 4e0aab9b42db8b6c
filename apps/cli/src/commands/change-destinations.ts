import { orThrow, type DestinationView, type paths } from '@ghostpost/client'
import type { Command } from 'commander'
import { defineCommand, positiveInteger, type Context, type CommandDeps } from '../define-command.ts'
import { UsageError } from '../exit-codes.ts'
import { readStdin } from '../process-io.ts'

type Body = paths['/api/destinations']['post']['requestBody']['content']['application/json']
type Changes = paths['/api/destinations/{id}']['patch']['requestBody']['content']['application/json']

interface SettingOptions {
  name?: string
  url?: string
  type?: Body['webhook_type']
  header?: string[]
  retrySchedule?: string
  rate?: string
  concurrency?: number
  stdin?: true
}

const id = '019aa3f0-7c1e-7d1a-9c55-0b8f5a3f2e11'
/** The API's limit of a body. */
const bodyBytesMax = 65_536

/** Create, edit and delete a destination, and give it a new signing secret. */
export function changeDestinationCommands(group: Command, deps: CommandDeps): void {
  defineCommand<SettingOptions>(group, deps, {
    usage: 'create',
    summary: 'Save a destination. What has no option, such as credentials, is JSON on stdin.',
    example: 'destinations create --name Leads --type custom --url https://crm.example.com/hook',
    options: (command) => addSettings(command.option('--type <type>', 'destination type; custom by default')),
    run: create,
  })
  defineCommand<SettingOptions>(group, deps, {
    usage: 'edit <id>',
    summary: 'Change a destination. What has no option is JSON on stdin.',
    example: `destinations edit ${id} --url https://crm.example.com/new-hook`,
    options: addSettings,
    run: edit,
  })
  defineCommand<{ yes?: true }>(group, deps, {
    usage: 'delete <id>',
    summary: 'Delete a destination. Its waiting deliveries become dead letters.',
    example: `destinations delete ${id} --yes`,
    options: (command) => command.option('--yes', 'required: it cannot be undone'),
    run: async (context, destination) => {
      if (!context.options.yes)
        throw new UsageError('Add --yes to delete the destination: it cannot be undone.')
      const params = { path: { id: destination } }
      await orThrow(context.client().DELETE('/api/destinations/{id}', { params }))
      context.show({ id: destination, deleted: true }, () => `${destination} is deleted.`)
    },
  })
  defineCommand<{ signing?: 'hmac' | 'ed25519' }>(group, deps, {
    usage: 'rotate <id>',
    summary: 'Make a new signing secret. Both sign for a day, so that the receiver can change over.',
    example: `destinations rotate ${id}`,
    options: (command) => command.option('--signing <kind>', 'change to hmac or ed25519'),
    run: async (context, destination) => {
      const { signing } = context.options
      const call = context.client().POST('/api/destinations/{id}/signing-secret', {
        params: { path: { id: destination } },
        body: signing === undefined ? null : { signing },
      })
      context.show(await orThrow(call), formatWithSecret)
    },
  })
}

function addSettings(command: Command): void {
  command
    .option('--name <name>', 'name')
    .option('--url <url>', 'receiver URL')
    .option('--header <header>', 'custom header, as "x-api-key: secret"; repeatable', collect)
    .option('--retry-schedule <waits>', 'waits before the attempts, as "0s 5s 5m"')
    .option('--rate <rate>', 'most requests, as "100 per 60" (seconds)')
    .option('--concurrency <count>', 'most concurrent requests', positiveInteger)
    .option('--stdin', 'read further fields of the API as JSON from stdin')
}

function collect(value: string, before: string[] = []): string[] {
  return [...before, value]
}

async function create(context: Context<SettingOptions>): Promise<void> {
  const { options } = context
  const { defaultWebhookType } = await import('@ghostpost/delivery/destinations')
  const given = {
    webhook_type: options.type ?? defaultWebhookType,
    ...(await settingsOf(context)),
  } as Partial<Body>
  if (given.name === undefined || given.webhook_url === undefined)
    throw new UsageError('Set --name and --url.')
  const site = options.site === undefined ? {} : { siteId: options.site }
  const call = context.client().POST('/api/destinations', { body: { ...given, ...site } as Body })
  context.show(await orThrow(call), formatWithSecret)
}

async function edit(context: Context<SettingOptions>, destination: string): Promise<void> {
  const changes: Changes = await settingsOf(context)
  if (Object.keys(changes).length === 0) throw new UsageError('Set at least one option.')
  const params = { path: { id: destination } }
  const call = context.client().PATCH('/api/destinations/{id}', { params, body: changes })
  context.show(await orThrow(call), ({ name, state }) => `${name} is changed; it is ${state}.`)
}

async function settingsOf({ options, stdin }: Context<SettingOptions>): Promise<Changes> {
  const { name, url, header, retrySchedule, rate, concurrency } = options
  return {
    ...(options.stdin && parseFields(await readStdin(stdin, bodyBytesMax))),
    ...(name !== undefined && { name }),
    ...(url !== undefined && { webhook_url: url }),
    ...(header !== undefined && { headers: Object.fromEntries(header.map(parseHeader)) }),
    ...(retrySchedule !== undefined && { retry_schedule: retrySchedule }),
    ...(rate !== undefined && { rate_limit: parseRate(rate) }),
    ...(concurrency !== undefined && { concurrency }),
  }
}

function parseFields(text: string): Changes {
  try {
    const fields: unknown = JSON.parse(text)
    if (typeof fields === 'object' && fields !== null && !Array.isArray(fields)) return fields
  } catch {
    // The error below says what is expected.
  }
  throw new UsageError('stdin is not a JSON object.')
}

function parseHeader(text: string): [name: string, value: string] {
  const at = text.indexOf(':')
  if (at <= 0) throw new UsageError('A header is written as "name: value".')
  return [text.slice(0, at).trim(), text.slice(at + 1).trim()]
}

function parseRate(text: string): { requests: number; per_seconds: number } {
  const [, requests, seconds] = /^\s*(\d{1,6})\s+per\s+(\d{1,5})\s*s?\s*$/.exec(text) ?? []
  if (requests === undefined) throw new UsageError('A rate is written as "100 per 60": requests per seconds.')
  return { requests: Number(requests), per_seconds: Number(seconds) }
}

/** The secret is shown once. */
function formatWithSecret(result: object): string {
  const { destination, ...secrets } = result as { destination?: DestinationView } & Record<string, unknown>
  const lines = Object.entries(secrets)
    .filter((entry): entry is [string, string] => typeof entry[1] === 'string')
    .map(([name, value]) => `${name}: ${value}`)
  const saved = destination ? [`${destination.name} is saved as ${destination.id}.`] : []
  const once = lines.length > 0 ? ['It is shown only now.'] : []
  return [...saved, ...lines, ...once].join('\n')
}
