import { ApiProblem, ApiUnreachable } from '@ghostpost/client'
import { CommanderError } from 'commander'

/** Exit codes. Scripts rely on them, and docs/command-line.md lists them. */
export const exitCodes = {
  ok: 0,
  /** The command ran, but something failed, or the user did not confirm. */
  failed: 1,
  /** The command line is invalid, or the user is not signed in. */
  usage: 2,
  /** The API refused the request. */
  refused: 3,
  /** No response, a response that is not Ghostpost's, or an incomplete one. */
  unreachable: 4,
  /** A bug in this program. */
  broken: 70,
  /** Ctrl-C. */
  interrupted: 130,
} as const

/** An invalid command line. The message says what to type instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** The connection broke before the end of an export. */
export class IncompleteExportError extends Error {
  override readonly name = 'IncompleteExportError'
}

export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return exitCodes.usage
  // Commander also throws for --help and --version.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
  if (error instanceof ApiProblem) return error.code === '' ? exitCodes.unreachable : exitCodes.refused
  return error instanceof ApiUnreachable || error instanceof IncompleteExportError
    ? exitCodes.unreachable
    : exitCodes.broken
}
