import { spawnSync } from 'node:child_process'

export interface Command {
  command: string
  args: readonly string[]
}

const nobody = 65_534
const otherwise = 'Start as an ordinary user, or set DATABASE_URL to a Postgres of yours.'
const namespace = ['-U', `--map-user=${nobody}`, `--map-group=${nobody}`]

/**
 * Postgres refuses to run as root. Root starts it in its own user namespace, where its user is nobody: no account has
 * to exist, and root still owns its files, whatever the mode of the folder.
 * @throws Error with a remedy where root cannot do this
 */
export function asNobody(command: string, args: readonly string[]): Command {
  if (process.getuid?.() !== 0) return { command, args }
  if (process.platform !== 'linux') throw new Error(`Postgres does not run as root. ${otherwise}`)
  if (!canChangeUser())
    throw new Error(
      'Postgres does not run as root, and this machine or container allows no user namespaces, in which root could ' +
        `start it as another user. ${otherwise}`,
    )
  return { command: 'unshare', args: [...namespace, command, ...args] }
}

/** Docker's default seccomp profile and hardened machines forbid it. */
function canChangeUser(): boolean {
  return spawnSync('unshare', [...namespace, 'true'], { stdio: 'ignore' }).status === 0
}
