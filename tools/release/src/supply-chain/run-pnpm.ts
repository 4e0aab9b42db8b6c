import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const repository = join(import.meta.dirname, '../../../..')

/** Shipped packages: in the image, in the dashboard's bundle and as the command line. All others are tools. */
const shipped = ['@ghostpost/api', '@ghostpost/worker', '@ghostpost/cli', '@ghostpost/dashboard']

export interface PnpmResult {
  /** Exit code; null when the time limit ended pnpm. */
  code: number | null
  stdout: string
  stderr: string
}

/** Runs the workspace's pnpm on the shipped packages and their production dependencies. */
export async function runPnpm(args: readonly string[], timeoutMs: number): Promise<PnpmResult> {
  const manifest = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
    packageManager: string
  }
  const filters = shipped.flatMap((name) => ['--filter-prod', `${name}...`])
  const child = spawn('npx', ['-y', manifest.packageManager, ...filters, ...args], {
    cwd: repository,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutMs,
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => void (stdout += String(chunk)))
  child.stderr.on('data', (chunk) => void (stderr += String(chunk)))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout, stderr }
}

/** pnpm's list of packages by licence. */
export type Licences = Readonly<Record<string, readonly { name: string; versions: readonly string[] }[]>>

/**
 * Lists the installed versions of the shipped packages by licence.
 * @throws when pnpm cannot list them
 */
export async function listLicences(): Promise<Licences> {
  const { code, stdout, stderr } = await runPnpm(['licenses', 'list', '--prod', '--json'], 120_000)
  if (code !== 0) throw new Error(`What is shipped could not be listed: ${stderr}`)
  return JSON.parse(stdout) as Licences
}
