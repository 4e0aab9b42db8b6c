import { isIP } from 'node:net'

/** The addresses of each name of a hosts file, in the order of the file; names in lower case without a final dot. */
export function parseHosts(text: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  for (const line of text.split('\n')) {
    const [address = '', ...names] = line.replace(/#.*$/, '').trim().split(/\s+/)
    if (isIP(address) === 0) continue
    for (const name of names.map((one) => one.toLowerCase().replace(/\.$/, '')))
      found.set(name, [...(found.get(name) ?? []), address])
  }
  return found
}
