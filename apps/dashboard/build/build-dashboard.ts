import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { globSync } from 'node:fs'
import { chmod, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

const folder = join(import.meta.dirname, '..')
const repository = join(folder, '../..')
const stampName = '.built-from'
/** A smaller file fits one packet uncompressed. */
const compressedBytesMin = 1_024

/** The folder the API serves at `/ops`. */
export const dashboardFolder = join(folder, 'dist')

/**
 * Builds the dashboard unless its sources are unchanged since the last build. Takes about a second and no network.
 * @returns whether this call built it
 */
export async function buildDashboard(): Promise<boolean> {
  const stamp = await digestOfSources()
  if ((await readStamp()) === stamp) return false
  const building = await mkdtemp(join(folder, '.building-'))
  try {
    await bundle(building)
    await compressAll(building)
    await writeFile(join(building, stampName), stamp)
    await chmod(building, 0o755)
    await replaceBuild(building, stamp)
  } finally {
    await rm(building, { recursive: true, force: true })
  }
  return true
}

/** Runs Vite in its own process: inside a test process, Vite would build for NODE_ENV=test. */
async function bundle(outDir: string): Promise<void> {
  const vite = join(folder, 'node_modules/vite/bin/vite.js')
  const args = [vite, 'build', '--logLevel', 'warn', '--outDir', outDir, '--emptyOutDir']
  await promisify(execFile)(process.execPath, args, {
    cwd: folder,
    env: { ...process.env, NODE_ENV: 'production' },
  })
}

/** Two concurrent builds have the same content, so the second one keeps the first one's folder. */
async function replaceBuild(building: string, stamp: string): Promise<void> {
  await rm(dashboardFolder, { recursive: true, force: true })
  try {
    await rename(building, dashboardFolder)
  } catch (error) {
    if ((await readStamp()) !== stamp) throw error
  }
}

async function digestOfSources(): Promise<string> {
  const own = [
    'index.html',
    'package.json',
    'vite.config.ts',
    ...globSync('{src,public,build}/**/*.*', { cwd: folder }),
  ]
  const shared = [
    'pnpm-lock.yaml',
    ...globSync('packages/{client/src,delivery/src/destinations}/**/*.ts', { cwd: repository }),
  ]
  const files = [...own.map((name) => join(folder, name)), ...shared.map((name) => join(repository, name))]
  const hash = createHash('sha256')
  for (const file of files.toSorted()) hash.update(file.slice(repository.length)).update(await readFile(file))
  return hash.digest('hex')
}

async function readStamp(): Promise<string | null> {
  return readFile(join(dashboardFolder, stampName), 'utf8').catch(() => null)
}

async function compressAll(root: string): Promise<void> {
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(js|css|svg|html)$/.test(entry.name)) continue
    const file = join(entry.parentPath, entry.name)
    const bytes = await readFile(file)
    if (bytes.length < compressedBytesMin) continue
    await writeFile(`${file}.gz`, await promisify(gzip)(bytes, { level: 9 }))
    await writeFile(`${file}.br`, await promisify(brotliCompress)(bytes, brotliOptions(bytes.length)))
  }
}

function brotliOptions(size: number): { params: Record<number, number> } {
  return { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: size } }
}
