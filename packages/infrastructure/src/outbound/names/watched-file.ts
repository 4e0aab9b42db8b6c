import { readFile, stat } from 'node:fs/promises'

/** How long a file is trusted before it is looked at again, in milliseconds. */
const checkEveryMs = 1_000

/**
 * Reads and parses a small file, and again when it has changed: at most once a second. A file that cannot be read is
 * empty. Concurrent callers share one reading.
 */
export function watchFile<T>(path: string, parse: (text: string) => T): () => Promise<T> {
  let version = ''
  let checkedAt = -Infinity
  const readNothing = async (): Promise<T> => parse('')
  let content = readNothing()
  const read = async (before: Promise<T>): Promise<T> => {
    try {
      const { mtimeMs, ino, size } = await stat(path)
      const found = `${mtimeMs} ${ino} ${size}`
      if (found === version) return await before
      const parsed = parse(await readFile(path, 'utf8'))
      version = found
      return parsed
    } catch {
      version = ''
      return parse('')
    }
  }
  return () => {
    if (performance.now() - checkedAt < checkEveryMs) return content
    checkedAt = performance.now()
    content = read(content)
    return content
  }
}
