import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/**
 * Commit of the previous release, which must run beside this one. Each release writes its commit here for the next one
 * (docs/upgrading.md).
 */
export const previousRelease = '872b82d0f60f438474253d16141b72904a4de4f1'

export type Obtained = { folder: string } | { missing: string }

const repository = fileURLToPath(new URL('../../../..', import.meta.url))
const run = promisify(execFile)

/**
 * Checks out a commit of this repository with its own dependencies and database client, which its own scripts install.
 * `.data/releases` caches it. `missing` is the reason when this clone does not have the commit.
 */
export async function obtainRelease(commit: string): Promise<Obtained> {
  const folder = join(repository, '.data/releases', commit)
  if (existsSync(join(folder, '.complete'))) return { folder }
  try {
    await run('git', ['-C', repository, 'cat-file', '-e', `${commit}^{commit}`])
  } catch {
    return { missing: `this clone does not have the commit ${commit}: fetch it, or clone with all history` }
  }
  const tempFolder = `${folder}.${process.pid}`
  await mkdir(tempFolder, { recursive: true })
  await run('sh', ['-c', 'git -C "$0" archive "$1" | tar -x -C "$2"', repository, commit, tempFolder])
  await rm(folder, { recursive: true, force: true })
  await rename(tempFolder, folder)
  await install(folder)
  await writeFile(join(folder, '.complete'), '')
  return { folder }
}

/** Every npm script first installs what is missing; this one does nothing else. */
async function install(folder: string): Promise<void> {
  const args = [join(folder, 'scripts/bootstrap.mjs'), 'ghostpost', '--version']
  await run(process.execPath, args, { cwd: folder, maxBuffer: 67_108_864 })
}
