/** What resolv.conf(5) says about completing names. */
export interface SearchList {
  domains: readonly string[]
  /** A name with at least this many dots is looked up as it is before the domains are tried. */
  ndots: number
}

/** The most domains that are tried: Kubernetes' limit. */
const domainsMax = 32
const ndotsMax = 15

/** Reads `search`, `domain` and `options ndots:n`. Of `search` and `domain` the last line counts. */
export function parseSearchList(text: string): SearchList {
  let domains: readonly string[] = []
  let ndots = 1
  for (const line of text.split('\n')) {
    const [keyword, ...values] = line
      .replace(/[#;].*$/, '')
      .trim()
      .split(/\s+/)
    if (keyword === 'search' || keyword === 'domain')
      domains = values.map((domain) => domain.replace(/\.$/, '')).filter(Boolean)
    if (keyword === 'options') ndots = Number(ndotsIn(values) ?? ndots)
  }
  return { domains: domains.slice(0, domainsMax), ndots: Math.min(ndots, ndotsMax) }
}

function ndotsIn(options: readonly string[]): string | undefined {
  return options.flatMap((option) => /^ndots:(\d{1,4})$/.exec(option)?.[1] ?? []).at(-1)
}

/** The names to look up for `name`, in their order. A final dot says that the name is complete. */
export function namesToTry(name: string, { domains, ndots }: SearchList): string[] {
  if (name.endsWith('.')) return [name.slice(0, -1)]
  const completed = domains.map((domain) => `${name}.${domain}`).filter((one) => isHostName(one))
  const isLongEnough = name.split('.').length - 1 >= ndots
  return isLongEnough ? [name, ...completed] : [...completed, name]
}

const nameLengthMax = 253
const label = /^[^.]{1,63}$/

/** Whether DNS can have this name: labels of 1 to 63 characters, at most 253 in all, perhaps a final dot. */
export function isHostName(name: string): boolean {
  const complete = name.replace(/\.$/, '')
  return complete.length <= nameLengthMax && complete.split('.').every((one) => label.test(one))
}
