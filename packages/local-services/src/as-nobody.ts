export interface Command {
  command: string
  args: readonly string[]
}

const nobody = 65_534

/**
 * Postgres refuses to run as root. As root we start it in a user namespace of its own, in which it sees itself as
 * nobody: no account has to exist, and its files stay ours, wherever the folder lies and whatever its mode.
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
