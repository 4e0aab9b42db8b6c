import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { UsageError } from './exit-codes.ts'
import type { ProcessIo } from './process-io.ts'

/** The stored session and the API that it is for. */
export interface StoredSession {
  url: string
  session: string
}

type Environment = ProcessIo['env']

/** `$XDG_CONFIG_HOME/ghostpost/config.json`. https://specifications.freedesktop.org/basedir-spec/latest/ */
export function configFile(env: Environment): string {
  const base = env['XDG_CONFIG_HOME'] ?? ''
  return join(
    base.startsWith('/') ? base : join(env['HOME'] ?? homedir(), '.config'),
    'ghostpost/config.json',
  )
}

export function readSession(env: Environment): StoredSession | null {
  const file = configFile(env)
  try {
    const stored = JSON.parse(readFileSync(file, 'utf8')) as Partial<StoredSession>
    return typeof stored.url === 'string' && typeof stored.session === 'string'
      ? { url: stored.url, session: stored.session }
      : null
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw new UsageError(`${file} cannot be read. Sign in again with: ghostpost login <url>`, {
      cause: error,
    })
  }
}

/** Whether other users of this machine can read the session. */
export function isReadableByOthers(env: Environment): boolean {
  const stats = statSync(configFile(env), { throwIfNoEntry: false })
  return stats !== undefined && (stats.mode & 0o077) !== 0
}

/**
 * Stores the session; returns the file. Writes a temporary file and renames it, so that the file is never incomplete
 * and other users can never read it.
 */
export function storeSession(env: Environment, stored: StoredSession): string {
  const file = configFile(env)
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const temporaryFile = `${file}.${process.pid}`
  writeFileSync(temporaryFile, `${JSON.stringify(stored, null, 2)}\n`, { mode: 0o600 })
  chmodSync(temporaryFile, 0o600)
  renameSync(temporaryFile, file)
  return file
}

export function forgetSession(env: Environment): void {
  rmSync(configFile(env), { force: true })
}
