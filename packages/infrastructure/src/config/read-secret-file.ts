import { readFileSync, statSync } from 'node:fs'

/** Every secret is far smaller, so a larger file is a mistake and is not read. */
const bytesMax = 65_536

export type SecretFile = { text: string } | { problem: string }

/**
 * Reads a file that contains one secret, as Docker and Kubernetes mount them, without one trailing line break.
 * `problem` completes the sentence `<NAME>_FILE …` and contains neither the path nor the content.
 */
export function readSecretFile(path: string): SecretFile {
  try {
    const found = statSync(path)
    if (!found.isFile()) return { problem: 'does not name a file' }
    if (found.size > bytesMax) return { problem: `names a file of more than ${bytesMax / 1_024} KiB` }
    const text = readFileSync(path, 'utf8').replace(/\r?\n$/, '')
    return text === '' ? { problem: 'names an empty file' } : { text }
  } catch (error) {
    return { problem: `names a file that cannot be read (${codeOf(error)})` }
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown'
}
