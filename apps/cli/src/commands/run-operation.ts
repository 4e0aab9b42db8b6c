import { confirm, isCancel } from '@clack/prompts'
import { orThrow, type OperationView, type PlanView } from '@ghostpost/client'
import type { Command } from 'commander'
import { defineCommand, type Context, type CommandDeps } from '../define-command.ts'
import { formatPlan, formatOperation } from '../format-operation.ts'
import { exitCodes, UsageError } from '../exit-codes.ts'
import { addPlanOptions, readPlanBody, type PlanOptions } from '../plan-options.ts'
import { watchOperation } from '../watch-operation.ts'

interface RunOptions extends PlanOptions {
  plan?: string
  reason?: string
  yes?: true
  detach?: true
}

export function runCommands(group: Command, deps: CommandDeps): void {
  defineCommand<PlanOptions>(group, deps, {
    usage: 'plan',
    summary: 'Plan an operation: show what it would do, and freeze its selection. Nothing is sent.',
    example: 'operations plan --kind resend --failure 5d41402abc4b2a76',
    options: addPlanOptions,
    run: async (context) => {
      const plan = await createPlan(context)
      const { operation_id: id } = plan.operation
      context.show(plan, () => `${formatPlan(plan)}\n\nRun it: ghostpost operations run --plan ${id}`)
    },
  })
  defineCommand<RunOptions>(group, deps, {
    usage: 'run',
    summary: 'Plan an operation, ask for confirmation, run it and watch it.',
    example: 'operations run --kind re-export --status failed --from 24h --rate 20',
    options: (command) => {
      addPlanOptions(command)
      command
        .option('--plan <id>', 'run this plan; all other plan options are then ignored')
        .option('--reason <text>', 'reason, stored in the audit log')
        .option('--yes', 'do not ask for confirmation')
        .option('--detach', 'start it without watching')
    },
    run,
  })
}

async function createPlan(context: Context<PlanOptions>): Promise<PlanView> {
  const body = await readPlanBody(context.options, context.stdin)
  return orThrow(context.client().POST('/api/operations/plan', { body }))
}

async function run(context: Context<RunOptions>): Promise<number> {
  const { options, output } = context
  checkCanAsk(context)
  const plan = options.plan === undefined ? await createPlan(context) : null
  const id = plan?.operation.operation_id ?? options.plan ?? ''
  if (plan) {
    output.note(formatPlan(plan))
    output.note('')
    if (plan.matched === 0) return showNothingToDo(context, plan)
  }
  if (!(await isConfirmed(context))) {
    output.note('Nothing was sent.')
    return exitCodes.failed
  }
  const body = { operation_id: id, ...(options.reason !== undefined && { reason: options.reason }) }
  const started = await orThrow(context.client().POST('/api/operations', { body }))
  return options.detach ? showStarted(context, plan, started) : watchStarted(context, plan, id)
}

function checkCanAsk({ options, stdin }: Context<RunOptions>): void {
  if (options.yes || (stdin.isTTY && !options.idsStdin)) return
  throw new UsageError(
    'There is no terminal to ask for confirmation. Check it with "operations plan", then set --yes.',
  )
}

function showNothingToDo({ options, output }: Context<RunOptions>, plan: PlanView): number {
  output.note('No delivery matches; nothing was sent.')
  if (options.json) output.json({ plan, operation: plan.operation })
  return exitCodes.ok
}

async function isConfirmed({ options, stdin, stderr }: Context<RunOptions>): Promise<boolean> {
  if (options.yes) return true
  const streams = { input: stdin as NodeJS.ReadStream, output: stderr }
  const confirmed = await confirm({ message: 'Run it?', initialValue: false, ...streams })
  return !isCancel(confirmed) && confirmed
}

function showStarted(context: Context<RunOptions>, plan: PlanView | null, operation: OperationView): number {
  context.show(
    { plan, operation },
    () => `Running. Watch it: ghostpost operations watch ${operation.operation_id}`,
  )
  return exitCodes.ok
}

async function watchStarted(
  context: Context<RunOptions>,
  plan: PlanView | null,
  id: string,
): Promise<number> {
  const { operation, exitCode } = await watchOperation(context, id)
  context.show({ plan, operation }, () => formatOperation(operation))
  return exitCode
}
