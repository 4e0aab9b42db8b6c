import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'

export interface CommandResult {
  exitCode: number
  stdout: string
  stderr: string
}

export interface RunningGhostpost {
  child: ChildProcessByStdio<Writable, Readable, Readable>
  /** Everything it wrote so far. */
  output: () => { stdout: string; stderr: string }
  ended: Promise<CommandResult>
}

export interface CommandEnvironment {
  env: Readonly<Record<string, string>>
  /** Piped to stdin; empty by default. */
  stdin?: string
}

const program = fileURLToPath(import.meta.resolve('@ghostpost/cli/main'))

/** Compiled code of earlier runs, which vitest.config.ts names: a command starts in half the time. */
const compileCache = process.env['NODE_COMPILE_CACHE']

/** Starts the real command line with only this environment and PATH. */
export function startGhostpost(
  args: readonly string[],
  { env, stdin }: CommandEnvironment,
): RunningGhostpost {
  const child = spawn(process.execPath, [program, ...args], {
    env: {
      PATH: process.env['PATH'] ?? '',
      ...(compileCache !== undefined && { NODE_COMPILE_CACHE: compileCache }),
      ...env,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const written = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => void (written.stdout += String(chunk)))
  child.stderr.on('data', (chunk) => void (written.stderr += String(chunk)))
  child.stdin.on('error', () => {})
  child.stdin.end(stdin ?? '')
  const ended = once(child, 'close').then(([code]) => ({ exitCode: Number(code ?? -1), ...written }))
  return { child, output: () => ({ ...written }), ended }
}

/** Runs a command line to its end. */
export function runGhostpost(
  args: readonly string[],
  environment: CommandEnvironment,
): Promise<CommandResult> {
  return startGhostpost(args, environment).ended
}
