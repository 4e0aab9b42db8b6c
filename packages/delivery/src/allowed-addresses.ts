import ipaddr from 'ipaddr.js'

/** Addresses an administrator lets receivers have although they are not public. */
export interface AllowedAddress {
  network: string
  bits: number
  /** Null means any port. */
  port: number | null
}

export type ParsedAllowedAddresses =
  | { ok: true; addresses: AllowedAddress[] }
  | { ok: false; problem: string }

/** Reads a list such as `10.1.0.0/16 127.0.0.1/32:8080 [fd00::]/8:9000`; a single address needs no `/bits`. */
export function parseAllowedAddresses(text: string): ParsedAllowedAddresses {
  const addresses: AllowedAddress[] = []
  for (const entry of text.split(/\s+/).filter(Boolean)) {
    const parsed = parseEntry(entry)
    if (!parsed) return { ok: false, problem: `${entry} is no address with optional /bits and :port.` }
    addresses.push(parsed)
  }
  return { ok: true, addresses }
}

function parseEntry(entry: string): AllowedAddress | null {
  const groups =
    /^(?:\[(?<six>[0-9a-f:.]+)\]|(?<four>\d{1,3}(?:\.\d{1,3}){3}))(?:\/(?<bits>\d{1,3}))?(?::(?<port>\d{1,5}))?$/i.exec(
      entry,
    )?.groups
  const bare = groups ? (groups['six'] ?? groups['four'] ?? '') : (entry.split('/')[0] ?? '')
  if (!ipaddr.isValid(bare) || (!groups && !bare.includes(':'))) return null
  const network = ipaddr.parse(bare)
  const most = network.kind() === 'ipv4' ? 32 : 128
  const bits = Number(groups ? (groups['bits'] ?? most) : (entry.split('/')[1] ?? most))
  const port = groups?.['port'] === undefined ? null : Number(groups['port'])
  const sound = Number.isInteger(bits) && bits <= most && (port === null || (port >= 1 && port <= 65_535))
  return sound ? { network: network.toString(), bits, port } : null
}
