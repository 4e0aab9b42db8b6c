import { readFile } from 'node:fs/promises'
import {
  orThrow,
  type Client,
  type DestinationChanges,
  type DestinationPreview,
  type DestinationView,
} from '@ghostpost/client'
import type { Command } from 'commander'
import { defineCommand, type Context, type CommandDeps } from '../define-command.ts'
import { exitCodes, UsageError } from '../exit-codes.ts'
import { formatBreakerClosed } from '../format-breaker-closed.ts'
import { formatFields, formatTable } from '../output.ts'

type Mapping = NonNullable<DestinationChanges['mapping']>

export function destinationCommands(group: Command, deps: CommandDeps): void {
  defineCommand(group, deps, {
    usage: 'list',
    summary: 'List the saved destinations of a site.',
    example: 'destinations list --site 4',
    run: async (context) => {
      const call = context.client().GET('/api/destinations', { params: { query: context.siteQuery } })
      context.show(await orThrow(call), formatList)
    },
  })
  defineCommand(group, deps, {
    usage: 'show <id>',
    summary: 'Show a destination and the health of its receiver.',
    example: 'destinations show 019aa3f0-7c1e-7d1a-9c55-0b8f5a3f2e11',
    run: async (context, id) => context.show(await readDestination(context.client(), id), formatDestination),
  })
  defineCommand(group, deps, {
    usage: 'test <id>',
    summary: 'Export a sample visitor, marked as a test.',
    example: 'destinations test 019aa3f0-7c1e-7d1a-9c55-0b8f5a3f2e11',
    run: test,
  })
  defineCommand(group, deps, {
    usage: 'close-breaker <id>',
    summary: 'Close the circuit breaker of a destination, so that its deliveries are tried now.',
    example: 'destinations close-breaker 019aa3f0-7c1e-7d1a-9c55-0b8f5a3f2e11',
    run: async (context, id) => {
      const params = { path: { id } }
      context.show(
        await orThrow(context.client().POST('/api/destinations/{id}/close-breaker', { params })),
        formatBreakerClosed,
      )
    },
  })
  defineCommand<{ reason?: string }>(group, deps, {
    usage: 'pause <id>',
    summary: 'Pause a destination. Its deliveries wait and use no attempt; none is lost.',
    example: 'destinations pause 019aa3f0-7c1e-7d1a-9c55-0b8f5a3f2e11 --reason "maintenance until 14:00"',
    options: (command) => command.option('--reason <text>', 'reason, shown with the destination'),
    run: (context, id) => changeState(context, id, 'paused'),
  })
  defineCommand<{ reason?: string }>(group, deps, {
    usage: 'enable <id>',
    summary: 'Enable a paused or disabled destination.',
    example: 'destinations enable 019aa3f0-7c1e-7d1a-9c55-0b8f5a3f2e11',
    run: (context, id) => changeState(context, id, 'enabled'),
  })
  mappingCommands(group, deps)
}

/** The mapping commands. */
function mappingCommands(group: Command, deps: CommandDeps): void {
  defineCommand(group, deps, {
    usage: 'preview <id> [visitor]',
    summary: 'Show what an export of a visitor would send and change. Sends nothing.',
    example: 'destinations preview 019aa3f0-7c1e-7d1a-9c55-0b8f5a3f2e11 gv_a1b2c3d4_e5f6g7h8',
    run: async (context, id, visitor) => {
      const body = visitor === undefined ? {} : { ghost_vid: visitor }
      const call = context.client().POST('/api/destinations/{id}/preview', { params: { path: { id } }, body })
      context.show(await orThrow(call), formatPreview)
    },
  })
  defineCommand<{ remove?: true }>(group, deps, {
    usage: 'map <id> [file]',
    summary: 'Set the mapping of a destination from a JSON file.',
    example: 'destinations map 019aa3f0-7c1e-7d1a-9c55-0b8f5a3f2e11 mapping.json',
    options: (command) => command.option('--remove', 'send the documented payload again'),
    run: setMapping,
  })
}

async function setMapping(context: Context<{ remove?: true }>, id: string, file?: string): Promise<void> {
  const isRemoved = context.options.remove === true
  if (isRemoved === (file !== undefined)) throw new UsageError('Give either a file or --remove.')
  const mapping = file === undefined ? null : await readMapping(file)
  const call = context.client().PATCH('/api/destinations/{id}', {
    params: { path: { id } },
    body: { mapping },
  })
  context.show(await orThrow(call), ({ name }) =>
    isRemoved ? `${name} sends the documented payload.` : `${name} has a new mapping.`,
  )
}

async function readMapping(file: string): Promise<Mapping> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Mapping
  } catch (error) {
    throw new UsageError(
      `${file} cannot be read as JSON: ${error instanceof Error ? error.message : 'unknown'}.`,
    )
  }
}

function formatPreview({ request, message, record, fields, problems }: DestinationPreview): string {
  const parts = [formatFields({ request: `${request.method} ${request.url}`, body: request.body })]
  if (message) {
    const shown = message.fields.map(({ label, value }): [string, string] => [label, value])
    parts.push(formatFields({ title: message.title, ...Object.fromEntries(shown), link: message.link }))
  }
  if (record) {
    parts.push(
      formatFields({ record: record.state, type: record.type, link: record.link, because: record.because }),
    )
  }
  if (fields.length > 0) {
    const rows = fields.map(({ field, when, current, result, changes }) => [
      changes ? '*' : '',
      field,
      when,
      shownValue(current),
      shownValue(result),
    ])
    parts.push(formatTable(['', 'FIELD', 'WHEN', 'NOW', 'AFTER'], rows))
  }
  parts.push(...problems.map(({ field, expected }) => `${field} must be ${expected}.`))
  return parts.join('\n\n')
}

function shownValue(value: unknown): string | null {
  if (value === null || value === undefined) return null
  return typeof value === 'string' ? value : JSON.stringify(value)
}

async function readDestination(client: Client, id: string) {
  const params = { path: { id } }
  const [destination, health] = await Promise.all([
    orThrow(client.GET('/api/destinations/{id}', { params })),
    orThrow(client.GET('/api/destinations/{id}/health', { params })),
  ])
  return { destination, health }
}

async function test(context: Context<object>, id: string): Promise<number> {
  const call = context.client().POST('/api/destinations/{id}/test', { params: { path: { id } } })
  const tested = await orThrow(call)
  const { attempt, waits_for: waitsFor } = tested
  context.show(tested, ({ delivery }) =>
    formatFields({
      delivery: delivery.delivery_id,
      decision: attempt?.decision ?? 'no attempt was made in time; see: ghostpost deliveries explain',
      'waits for':
        waitsFor && [waitsFor.text, waitsFor.until && `Until ${waitsFor.until}.`].filter(Boolean).join(' '),
      outcome: attempt?.outcome ?? null,
      status: attempt?.response_status ?? null,
      duration: attempt && `${attempt.duration_ms} ms`,
      error: attempt?.error ? `${attempt.error.message} (${attempt.error.code})` : null,
      remedy: attempt?.error?.remedy ?? null,
    }),
  )
  return attempt?.decision === 'delivered' ? exitCodes.ok : exitCodes.failed
}

async function changeState(
  context: Context<{ reason?: string }>,
  id: string,
  state: 'enabled' | 'paused',
): Promise<void> {
  const { reason } = context.options
  const call = context.client().PATCH('/api/destinations/{id}', {
    params: { path: { id } },
    body: { state, ...(reason !== undefined && { state_reason: reason }) },
  })
  context.show(await orThrow(call), (changed) => `${changed.name} is ${changed.state}.`)
}

function formatList({ items }: { items: DestinationView[] }): string {
  if (items.length === 0) return 'There are none.'
  return formatTable(
    ['DESTINATION', 'NAME', 'TYPE', 'RECEIVER', 'STATE', 'REASON'],
    items.map((one) => [one.id, one.name, one.webhook_type, one.receiver, one.state, reasonOf(one)]),
  )
}

function reasonOf({ unreadable, state_reason: reason }: DestinationView): string | null {
  return unreadable ?? reason
}

function formatDestination({ destination, health }: Awaited<ReturnType<typeof readDestination>>): string {
  return formatFields({
    destination: destination.id,
    name: destination.name,
    site: destination.siteId,
    type: destination.webhook_type,
    receiver: destination.receiver,
    state: destination.state,
    reason: reasonOf(destination),
    credentials: destination.credentials,
    headers: destination.header_names.join(', '),
    'retry schedule': destination.retry_schedule,
    'rate limit':
      destination.rate_limit &&
      `${destination.rate_limit.requests} in ${destination.rate_limit.per_seconds} s`,
    breaker: health.breaker,
    'open until': health.open_until,
    'throttled until': health.throttled_until,
    'in flight': health.in_flight,
    'concurrency limit': health.concurrency_now,
    'mean response time': `${Math.round(health.mean_duration_ms)} ms`,
  })
}
