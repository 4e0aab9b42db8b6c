import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { ProgressLog } from './local-service.ts'

export interface RedisBinaries {
  /** Command or path of the server. */
  server: string
  /** What its process needs in its environment. */
  env: Readonly<Record<string, string>>
  description: string
}

const run = promisify(execFile)
const commandMaxMs = 180_000
const outputBytesMax = 16_000_000

/**
 * Downloads the distribution's Redis with apt and unpacks it, without root and without installing anything. It is
 * unpacked under another name and then renamed, so that an interrupted download leaves no broken server.
 */
export async function unpackRedis(unpackDir: string, log: ProgressLog): Promise<RedisBinaries> {
  const folder = resolve(unpackDir)
  const root = join(folder, 'root')
  if (!existsSync(root)) {
    log('getting Redis from the distribution’s packages (once)')
    await mkdir(folder, { recursive: true })
    await unpackInto(`${root}.unfinished`, folder, log)
    await rename(`${root}.unfinished`, root)
  }
  const server = ['usr/bin/redis-server', 'usr/bin/valkey-server']
    .map((path) => join(root, path))
    .find((path) => existsSync(path))
  if (!server) throw new Error('the packages hold no server')
  const env = { LD_LIBRARY_PATH: (await libraryFolders(root)).join(':') }
  await run(server, ['--version'], { env: { ...env, PATH: process.env['PATH'] ?? '' } })
  return { server, env, description: 'Redis from the distribution’s packages' }
}

async function unpackInto(unfinished: string, folder: string, log: ProgressLog): Promise<void> {
  const downloads = join(folder, 'downloads')
  for (const path of [unfinished, downloads]) {
    await rm(path, { recursive: true, force: true })
    await mkdir(path, { recursive: true })
  }
  await download(downloads, folder, log)
  for (const file of await readdir(downloads)) {
    if (file.endsWith('.deb'))
      await run('dpkg', ['-x', join(downloads, file), unfinished], { timeout: commandMaxMs })
  }
  await rm(downloads, { recursive: true })
}

/** Uses the machine's package lists, or downloads lists into this folder when there are none. */
async function download(downloads: string, folder: string, log: ProgressLog): Promise<void> {
  try {
    await downloadWith([], downloads)
  } catch {
    log('this machine has no package lists; fetching them into our own folder')
    const options = await ownLists(join(folder, 'apt'))
    await run('apt-get', [...options, 'update', '-qq'], { timeout: commandMaxMs, maxBuffer: outputBytesMax })
    await downloadWith(options, downloads)
    await rm(join(folder, 'apt'), { recursive: true, force: true })
  }
}

async function downloadWith(options: readonly string[], downloads: string): Promise<void> {
  const limits = { timeout: commandMaxMs, maxBuffer: outputBytesMax }
  const packages = await packagesOf('redis-server', options)
  const sandbox = process.getuid?.() === 0 ? ['-o', 'APT::Sandbox::User=root'] : []
  await run('apt-get', [...options, ...sandbox, 'download', '-qq', ...packages], {
    ...limits,
    cwd: downloads,
  })
}

/** The server, its tools, and the libraries that a minimal system lacks. Every system has the other dependencies. */
const neededPackage = /^(redis|valkey|lua|libjemalloc|liblua|liblzf|libatomic|libhiredis)/

async function packagesOf(name: string, options: readonly string[]): Promise<string[]> {
  const excludedKinds = ['recommends', 'suggests', 'conflicts', 'breaks', 'replaces', 'enhances'].map(
    (kind) => `--no-${kind}`,
  )
  const args = [...options, 'depends', '--recurse', ...excludedKinds, name]
  const { stdout } = await run('apt-cache', args, { timeout: commandMaxMs, maxBuffer: outputBytesMax })
  const names = [...new Set(stdout.split('\n').filter((line) => /^[a-z0-9]/.test(line)))]
  if (!names.includes(name)) throw new Error(`no package ${name}`)
  return names.filter((found) => neededPackage.test(found))
}

async function ownLists(apt: string): Promise<string[]> {
  for (const path of ['state/lists/partial', 'cache/archives/partial'])
    await mkdir(join(apt, path), { recursive: true })
  const settings = [
    `Dir::State=${join(apt, 'state')}`,
    `Dir::State::lists=${join(apt, 'state/lists')}`,
    'Dir::State::status=/var/lib/dpkg/status',
    `Dir::Cache=${join(apt, 'cache')}`,
    'Debug::NoLocking=1',
    ...(process.getuid?.() === 0 ? ['APT::Sandbox::User=root'] : []),
  ]
  return settings.flatMap((setting) => ['-o', setting])
}

/** All folders of the unpacked tree that contain shared libraries. */
async function libraryFolders(root: string): Promise<string[]> {
  const files = await readdir(root, { recursive: true })
  const folders = files.filter((file) => /\.so(\.|$)/.test(file)).map((file) => dirname(join(root, file)))
  return [...new Set(folders)]
}
