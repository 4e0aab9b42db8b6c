import { ApiProblem, ApiUnreachable } from '@ghostpost/client'
import { CommanderError } from 'commander'

/** What the exit code says; scripts rely on it. docs/command-line.md lists them. */
export const exitCodes = {
  ok: 0,
  /** It was done, and did not turn out well: some failed, or somebody said no. */
  failed: 1,
  /** The command line is wrong, or nobody is signed in. */
  usage: 2,
  /** The API said no. */
  refused: 3,
  /** No answer, or one that is not Ghostpost's, or one that broke off. */
  unreachable: 4,
  /** A fault of this program. */
  broken: 70,
  /** Ctrl-C. */
  interrupted: 130,
} as const

/** What was typed cannot be done; the message says what to type instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** What was begun to be told was not told to its end. */
export class IncompleteExportError extends Error {
  override readonly name = 'IncompleteExportError'
}

export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return exitCodes.usage
  // Help and version end a command line, too.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
  if (error instanceof ApiProblem) return error.code === '' ? exitCodes.unreachable : exitCodes.refused
  return error instanceof ApiUnreachable || error instanceof IncompleteExportError
    ? exitCodes.unreachable
    : exitCodes.broken
}
