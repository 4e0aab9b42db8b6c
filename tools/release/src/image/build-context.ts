import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { cp, mkdir } from 'node:fs/promises'
import { basename, dirname, join, matchesGlob } from 'node:path'

/**
 * The files that a build can copy: those of a folder except those that its `.dockerignore` names. A pattern that
 * matches a folder excludes its content.
 */
export interface BuildContext {
  /** Copies a file or the content of a folder; into a folder when `target` ends with a slash. */
  copy: (source: string, target: string) => Promise<void>
  isIgnored: (path: string) => boolean
}

export function openBuildContext(folder: string): BuildContext {
  const patterns = readFileSync(join(folder, '.dockerignore'), 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
  if (patterns.some((pattern) => pattern.startsWith('!'))) throw new Error('Exceptions are not read here.')
  const isIgnored = (path: string): boolean =>
    parentsOf(path).some((part) => patterns.some((pattern) => matchesGlob(part, pattern)))
  const copyTree = async (path: string, target: string): Promise<void> => {
    if (path !== '.' && isIgnored(path)) return
    if (!statSync(join(folder, path)).isDirectory()) return cp(join(folder, path), target)
    await mkdir(target, { recursive: true })
    for (const name of readdirSync(join(folder, path))) {
      await copyTree(path === '.' ? name : join(path, name), join(target, name))
    }
  }
  return {
    isIgnored,
    copy: async (source, target) => {
      if (!existsSync(join(folder, source)) || isIgnored(source)) throw new Error(`COPY: no ${source}.`)
      const isFile = statSync(join(folder, source)).isFile()
      const destination = isFile && target.endsWith('/') ? join(target, basename(source)) : target
      await mkdir(dirname(destination), { recursive: true })
      await copyTree(source, destination)
    },
  }
}

/** `a/b/c` → `a`, `a/b`, `a/b/c` */
function parentsOf(path: string): string[] {
  const parts = path.split('/')
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
}
