import { ApiProblem } from '@ghostpost/client'
import { CommanderError } from 'commander'
import { commandTree } from './command-tree.ts'
import { exitCodeOf, exitCodes } from './exit-codes.ts'
import { openOutput, type Output } from './output.ts'
import type { ProcessIo } from './process-io.ts'

/** Runs a command line; returns its exit code. */
export async function runCommandLine(args: readonly string[], io: ProcessIo): Promise<number> {
  const output = openOutput(io)
  let exitCode: number = exitCodes.ok
  const tree = commandTree(io, output, (code) => void (exitCode = code))
  try {
    await tree.parseAsync(args, { from: 'user' })
    return exitCode
  } catch (error) {
    await printError(error, output)
    return exitCodeOf(error)
  }
}

async function printError(error: unknown, { note }: Output): Promise<void> {
  // Commander has already printed it.
  if (error instanceof CommanderError) return
  if (!(error instanceof ApiProblem)) return note(errorText(error))
  note(error.code === '' ? error.message : `${error.message} (${error.code})`)
  for (const { field, expected } of error.details) note(`  ${field}: expected ${expected}`)
  const remedy = await remedyOf(error)
  if (remedy) note(remedy)
  if (error.retryAfterSeconds !== null) note(`Try again in ${error.retryAfterSeconds} s.`)
  if (error.requestId !== null) note(`request id ${error.requestId}`)
}

/** The message of an expected error; the stack of a bug. */
function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return exitCodeOf(error) === exitCodes.broken ? (error.stack ?? error.message) : error.message
}

async function remedyOf({ code }: ApiProblem): Promise<string | undefined> {
  if (code === 'unauthenticated') return 'Your session has ended. Sign in with: ghostpost login <url>'
  const { apiErrors } = await import('@ghostpost/delivery/contract/errors')
  const known: Readonly<Record<string, { remedy: string }>> = apiErrors
  return known[code]?.remedy
}
