export interface Command {
  command: string
  args: readonly string[]
}

const nobody = 65_534

/**
 * Postgres refuses to run as root. Root starts it in its own user namespace, where its user is nobody: no account has
 * to exist, and root still owns its files, whatever the mode of the folder.
 */
export function asNobody(command: string, args: readonly string[]): Command {
  if (process.getuid?.() !== 0) return { command, args }
  if (process.platform !== 'linux') {
    throw new Error('Postgres does not run as root. Start as an ordinary user, or set DATABASE_URL.')
  }
  return {
    command: 'unshare',
    args: ['-U', `--map-user=${nobody}`, `--map-group=${nobody}`, command, ...args],
  }
}
