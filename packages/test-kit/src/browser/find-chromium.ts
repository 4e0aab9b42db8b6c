import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The headless shell draws no browser window, so it needs less processor time than Chromium. */
const commandNames = [
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
]
const installPaths = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]
const installMs = 300_000
/** Test files run concurrently: the first one installs, the others wait. */
const packages = ['chromium-headless-shell', 'chromium']
const installOne = (name: string): string => `apt-get install -y --no-install-recommends ${name}`
const install = `which ${packages.join(' ')} || { apt-get update && { ${packages.map(installOne).join(' || ')}; }; }`

/**
 * Finds a Chromium: that of CHROMIUM_PATH, else an installed one, else (for root on Debian) installs the package.
 * @returns null when there is none
 */
export function findChromium(): string | null {
  return process.env['CHROMIUM_PATH'] ?? findInstalled() ?? installFromDebian()
}

function findInstalled(): string | null {
  for (const name of commandNames) {
    const found = spawnSync('which', [name], { encoding: 'utf8' }).stdout?.trim()
    if (found) return found
  }
  return installPaths.find((path) => existsSync(path)) ?? null
}

function installFromDebian(): string | null {
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return null
  try {
    const options = {
      stdio: 'ignore',
      timeout: installMs,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    } as const
    execFileSync('flock', [join(tmpdir(), 'ghostpost-chromium.lock'), 'sh', '-c', install], options)
  } catch {
    return null
  }
  return findInstalled()
}
