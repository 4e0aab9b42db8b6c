import { orThrow, type ManualActionResult } from '@ghostpost/client'
import type { Command } from 'commander'
import { defineCommand, type Context, type CommandDeps } from '../define-command.ts'
import { UsageError } from '../exit-codes.ts'
import { readStdin } from '../process-io.ts'

/** The manual actions on one delivery. */
export function replayCommands(group: Command, deps: CommandDeps): void {
  defineCommand<{ confirmDuplicate?: true }>(group, deps, {
    usage: 'resend <id>',
    summary: 'Resend the stored payload with the same webhook-id.',
    example: 'deliveries resend 019aa3f0-7c1e-7d1a-9c55-0b8f5a3f2e11',
    options: (command) =>
      command.option('--confirm-duplicate', 'resend a delivered one: the receiver gets it twice'),
    run: async (context, id) => {
      const body = context.options.confirmDuplicate ? { confirm_duplicate: true } : {}
      const call = context.client().POST('/api/deliveries/{id}/resend', { params: { path: { id } }, body })
      context.show(await orThrow(call), formatResult)
    },
  })
  defineCommand(group, deps, {
    usage: 're-export <id>',
    summary: 'Export the visitor’s current profile as a new delivery.',
    example: 'deliveries re-export 019aa3f0-7c1e-7d1a-9c55-0b8f5a3f2e11',
    run: async (context, id) => {
      const call = context.client().POST('/api/deliveries/{id}/re-export', { params: { path: { id } } })
      context.show(await orThrow(call), formatResult)
    },
  })
  defineCommand(group, deps, {
    usage: 'edit <id>',
    summary: 'Send another payload as a new delivery: JSON from stdin.',
    example: 'deliveries edit 019aa3f0-7c1e-7d1a-9c55-0b8f5a3f2e11 < corrected.json',
    run: async (context, id) => {
      const body = { payload: await readPayload(context) }
      const call = context.client().POST('/api/deliveries/{id}/edit', { params: { path: { id } }, body })
      context.show(await orThrow(call), formatResult)
    },
  })
  defineCommand(group, deps, {
    usage: 'cancel <id>',
    summary: 'Cancel an unfinished delivery.',
    example: 'deliveries cancel 019aa3f0-7c1e-7d1a-9c55-0b8f5a3f2e11',
    run: async (context, id) => {
      const call = context.client().POST('/api/deliveries/{id}/cancel', { params: { path: { id } } })
      context.show(await orThrow(call), formatResult)
    },
  })
}

/** The API's limit. */
const payloadBytesMax = 65_536

async function readPayload({ stdin }: Context<object>): Promise<Record<string, unknown>> {
  if (stdin.isTTY)
    throw new UsageError('Pipe the payload to stdin: ghostpost deliveries edit <id> < corrected.json')
  const payload = parseJson(await readStdin(stdin, payloadBytesMax))
  if (typeof payload === 'object' && payload !== null && !Array.isArray(payload))
    return payload as Record<string, unknown>
  throw new UsageError('stdin is not a JSON object.')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function formatResult({ delivery_id, status, made_from }: ManualActionResult): string {
  const origin = made_from === null ? '' : `, created from ${made_from}`
  return `${delivery_id} is ${status}${origin}.`
}
