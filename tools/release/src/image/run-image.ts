import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { buildImage, type BuiltImage } from './build-image.ts'

export interface Image extends BuiltImage {
  /** Runs a command and waits for its end. */
  run: (
    command: readonly string[],
    env?: Record<string, string>,
  ) => Promise<{ code: number | null; output: string }>
  start: (command: readonly string[], env: Record<string, string>) => Container
  remove: () => Promise<void>
}

export interface Container {
  output: () => string
  /** Stops it as `docker stop` does; returns the exit code. */
  stop: () => Promise<number | null>
}

/**
 * Builds the image of a checkout and makes its files read-only. Commands run as the image's user when this process may
 * change to it, else as the current user unless that is root.
 */
export async function openImage(repository: string): Promise<Image> {
  const folder = await mkdtemp(join(tmpdir(), 'ghostpost-image-'))
  await chmod(folder, 0o755)
  const image = await buildImage(repository, folder)
  const node = join(image.root, 'usr/local/bin')
  await mkdir(node, { recursive: true })
  await cp(process.execPath, join(node, 'node'))
  await changeModes(image.root, 'a-w,a+rX')
  const start = (command: readonly string[], env: Record<string, string>): Container & WithExit =>
    startIn(image, `${node}:/usr/bin:/bin`, command, env)
  return {
    ...image,
    start,
    run: async (command, env = {}) => {
      const { exited, output } = start(command, env)
      return { code: await exited, output: output() }
    },
    remove: async () => {
      await changeModes(folder, 'u+w')
      await rm(folder, { recursive: true })
    },
  }
}

interface WithExit {
  exited: Promise<number | null>
}

function startIn(
  { workdir, env, user }: BuiltImage,
  path: string,
  [file = '', ...args]: readonly string[],
  extra: Record<string, string>,
): Container & WithExit {
  const isRoot = process.getuid?.() === 0
  const child = spawn(file, args, {
    cwd: workdir,
    env: { ...env, PATH: path, ...extra },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(isRoot && user),
  })
  let written = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => void (written += String(chunk)))
  const exited = once(child, 'close').then(([code]: unknown[]) => code as number | null)
  return {
    exited,
    output: () => written,
    stop: async () => {
      child.kill('SIGTERM')
      return exited
    },
  }
}

async function changeModes(folder: string, modes: string): Promise<void> {
  await promisify(execFile)('chmod', ['-R', modes, folder])
}
