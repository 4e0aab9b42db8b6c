import { orThrow, webhookTypes, type AlertRuleBody, type AlertRuleView } from '@ghostpost/client'
import { InvalidArgumentError, Option, type Command } from 'commander'
import { defineCommand, positiveInteger, type Context, type CommandDeps } from '../define-command.ts'
import { exitCodes, UsageError } from '../exit-codes.ts'
import { alertDestinationTypes, alertKinds } from '../filter-values.ts'
import { formatFields, formatTable } from '../output.ts'
import { parseSeconds, formatTime } from '../times.ts'

type Kind = AlertRuleBody['kind']

interface AddOptions extends LimitOptions {
  kind: Kind
  name: string
}

interface EditOptions extends LimitOptions {
  name?: string
  on?: true
  off?: true
}

interface LimitOptions {
  threshold?: number
  window?: number
  min?: number
  type?: NonNullable<AlertRuleBody['filter']>['webhook_type']
  destination?: string
  toDestination?: string
  toEmail?: string
  cooldown?: number
}

export function alertCommands(group: Command, deps: CommandDeps): void {
  defineCommand(group, deps, {
    usage: 'list',
    summary: 'List the alert rules of a site with their states.',
    example: 'alerts list --site 4',
    run: async (context) => {
      const call = context.client().GET('/api/alert-rules', { params: { query: context.siteQuery } })
      context.show(await orThrow(call), formatList)
    },
  })
  defineCommand<AddOptions>(group, deps, {
    usage: 'add',
    summary: 'Add an alert rule.',
    example: 'alerts add --kind failure_rate --name "Leads fail" --threshold 10 --to-email ops@example.com',
    options: addOptions,
    run: add,
  })
  defineCommand<EditOptions>(group, deps, {
    usage: 'edit <id>',
    summary: 'Change an alert rule; --off mutes it and --on unmutes it.',
    example: 'alerts edit 019aa3f0-7c1e-7d1a-9c55-0b8f5a3f2e11 --threshold 20',
    options: (command) => {
      command
        .option('--name <name>', 'name, shown first in the notification')
        .option('--on', 'evaluate it')
        .option('--off', 'do not evaluate it: nobody is notified')
      addLimitOptions(command)
    },
    run: edit,
  })
  defineCommand(group, deps, {
    usage: 'test <id>',
    summary: 'Send a test notification of an alert rule.',
    example: 'alerts test 019aa3f0-7c1e-7d1a-9c55-0b8f5a3f2e11',
    run: test,
  })
  defineCommand(group, deps, {
    usage: 'remove <id>',
    summary: 'Delete an alert rule.',
    example: 'alerts remove 019aa3f0-7c1e-7d1a-9c55-0b8f5a3f2e11',
    run: async (context, id) => {
      await orThrow(context.client().DELETE('/api/alert-rules/{id}', { params: { path: { id } } }))
      context.show({ id, removed: true }, () => `${id} is deleted.`)
    },
  })
}

function addOptions(command: Command): void {
  command
    .addOption(new Option('--kind <kind>', 'what the rule watches').choices(alertKinds).makeOptionMandatory())
    .requiredOption('--name <name>', 'name, shown first in the notification')
  addLimitOptions(command)
}

function addLimitOptions(command: Command): void {
  command
    .option(
      '--threshold <number>',
      'limit in percent, deliveries or seconds, depending on the kind',
      parseNumber,
    )
    .option('--window <span>', 'time window, as 15m', parseSeconds)
    .option('--min <count>', 'failure_rate: minimum number of exports in the window', positiveInteger)
    .option('--type <type>', `count only this destination type: ${webhookTypes.join(', ')}`)
    .option('--destination <id>', 'count only this saved destination')
    .option(
      '--to-destination <id>',
      `notify this saved destination; its type must be one of ${alertDestinationTypes.join(', ')}`,
    )
    .option('--to-email <addresses>', 'notify these e-mail addresses; separate with commas')
    .option('--cooldown <span>', 'minimum time between two notifications, as 30m', parseSeconds)
}

function parseNumber(text: string): number {
  if (!/^\d{1,7}(\.\d+)?$/.test(text)) throw new InvalidArgumentError('Use a number of at least 0.')
  return Number(text)
}

async function add(context: Context<AddOptions>): Promise<void> {
  const { options } = context
  if (options.toDestination === undefined && options.toEmail === undefined)
    throw new UsageError('Set a recipient: --to-destination, --to-email, or both.')
  const call = context.client().POST('/api/alert-rules', { body: bodyOf(options, options.site) })
  context.show(await orThrow(call), formatRule)
}

async function edit(context: Context<EditOptions>, id: string): Promise<void> {
  const { options } = context
  const { name, on, off } = options
  if (on && off) throw new UsageError('Use --on or --off.')
  const { notify, ...limits } = limitsOf(options)
  const body = {
    ...limits,
    ...(Object.keys(notify).length > 0 && { notify }),
    ...(name !== undefined && { name }),
    ...((on ?? off) && { enabled: on === true }),
  }
  if (Object.keys(body).length === 0) throw new UsageError('Set at least one option.')
  const call = context.client().PATCH('/api/alert-rules/{id}', { params: { path: { id } }, body })
  context.show(await orThrow(call), formatRule)
}

function bodyOf(options: AddOptions, site: number | undefined): AlertRuleBody {
  return {
    kind: options.kind,
    name: options.name,
    ...(site !== undefined && { siteId: site }),
    ...limitsOf(options),
  }
}

function limitsOf(options: LimitOptions): Omit<AlertRuleBody, 'kind' | 'name' | 'siteId'> {
  const { threshold, window, min, type, destination, cooldown } = options
  const filter = { ...(type && { webhook_type: type }), ...(destination && { destination_id: destination }) }
  return {
    ...(threshold !== undefined && { threshold }),
    ...(window !== undefined && { window_seconds: window }),
    ...(min !== undefined && { minimum_count: min }),
    ...(cooldown !== undefined && { cooldown_seconds: cooldown }),
    ...(Object.keys(filter).length > 0 && { filter }),
    notify: {
      ...(options.toDestination !== undefined && { destination_id: options.toDestination }),
      ...(options.toEmail !== undefined && { email: options.toEmail.split(',').map((one) => one.trim()) }),
    },
  }
}

async function test(context: Context<object>, id: string): Promise<number> {
  const call = context.client().POST('/api/alert-rules/{id}/test', { params: { path: { id } } })
  const tested = await orThrow(call)
  const { delivery, attempt, email } = tested
  context.show(tested, () =>
    formatFields({
      delivery: delivery?.delivery_id ?? null,
      decision: delivery && (attempt?.decision ?? 'no attempt was made in time'),
      status: attempt?.response_status ?? null,
      error: attempt?.error ? `${attempt.error.message} (${attempt.error.code})` : null,
      remedy: attempt?.error?.remedy ?? null,
      'e-mail': email?.state ?? null,
      'e-mail error': email?.error ?? null,
    }),
  )
  const successes = [
    ...(delivery ? [attempt?.decision === 'delivered'] : []),
    ...(email ? [email.state === 'sent'] : []),
  ]
  return successes.length > 0 && successes.every(Boolean) ? exitCodes.ok : exitCodes.failed
}

function formatList({ items }: { items: AlertRuleView[] }): string {
  if (items.length === 0) return 'There are none.'
  return formatTable(
    ['RULE', 'NAME', 'KIND', 'LIMIT', 'STATE', 'LAST VALUE', 'LAST FIRED (UTC)', 'PROBLEM'],
    items.map((one) => [
      one.id,
      one.name,
      one.kind,
      one.threshold,
      one.enabled ? one.state : 'off',
      one.last_value,
      formatTime(one.last_fired_at),
      one.problem,
    ]),
  )
}

function formatRule(rule: AlertRuleView): string {
  return formatFields({
    rule: rule.id,
    name: rule.name,
    kind: rule.kind,
    site: rule.siteId,
    limit: rule.threshold,
    window: rule.window_seconds && `${rule.window_seconds} s`,
    'at least': rule.minimum_count,
    type: rule.filter.webhook_type,
    destination: rule.filter.destination_id,
    'notifies destination': rule.notify.destination_id,
    'notifies addresses': rule.notify.email.join(', '),
    cooldown: `${rule.cooldown_seconds} s`,
    problem: rule.problem,
  })
}
