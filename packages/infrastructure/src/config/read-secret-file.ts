import { readFileSync, statSync } from 'node:fs'

/** No secret of ours is anywhere near it; a larger file is a mistake, and is not read. */
const bytesMax = 65_536

export type SecretFile = { text: string } | { problem: string }

/**
 * What stands in a file that holds one secret and nothing else, as Docker and Kubernetes mount them; one line end after
 * it is taken off. `problem` says what is wrong with the file and shows neither its path nor what is in it.
 */
export function readSecretFile(path: string): SecretFile {
  try {
    const found = statSync(path)
    if (!found.isFile()) return { problem: 'names something that is no file' }
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
