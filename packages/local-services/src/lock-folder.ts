import { link, readFile, rm, writeFile } from 'node:fs/promises'
import { isAlive, processStartTime } from './processes.ts'

export interface FolderLock {
  release: () => Promise<void>
}

/**
 * Creates a lock file that names its owner. Takes over the lock of a process that has ended, even when another process
 * has its id now.
 * @throws when the owner is alive
 */
export async function lockFolder(file: string): Promise<FolderLock> {
  const ownEntry = `${process.pid} ${await processStartTime(process.pid)}`
  const draft = `${file}.${process.pid}`
  await writeFile(draft, ownEntry)
  try {
    if (!(await takeIfFree(draft, file))) {
      await removeIfDead(file)
      if (!(await takeIfFree(draft, file))) throw new Error(await alreadyRunningMessage(file))
    }
  } finally {
    await rm(draft, { force: true })
  }
  return {
    release: async () => {
      if ((await readFile(file, 'utf8').catch(() => '')) === ownEntry) await rm(file, { force: true })
    },
  }
}

/** Creating a hard link is atomic: of two concurrent attempts exactly one succeeds. */
async function takeIfFree(draft: string, file: string): Promise<boolean> {
  try {
    await link(draft, file)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

async function removeIfDead(file: string): Promise<void> {
  const owner = await readFile(file, 'utf8').catch(() => '')
  const [pid = '', started = ''] = owner.split(' ')
  const isOwnerAlive = isAlive(Number(pid)) && String(await processStartTime(Number(pid))) === started
  if (!isOwnerAlive) await rm(file, { force: true })
}

async function alreadyRunningMessage(file: string): Promise<string> {
  const [pid] = (await readFile(file, 'utf8').catch(() => 'another process')).split(' ')
  return `Ghostpost is already running from this folder (process ${pid}). Use it, or stop it with Ctrl-C where it runs.`
}
