import { isPort } from './forbidden-ports.ts'
import { parseAddress } from './parse-address.ts'

/** Addresses that are not public and that an administrator allows for receivers. */
export interface AllowedAddress {
  network: string
  bits: number
  /** Null: every port except forbidden ones (`isForbiddenPort`). */
  port: number | null
}

export type ParsedAllowedAddresses =
  | { ok: true; addresses: AllowedAddress[] }
  | { ok: false; problem: string }

/** Parses a list such as `10.1.0.0/16 127.0.0.1/32:8080 [fd00::]/8:9000`; a single address needs no `/bits`. */
export function parseAllowedAddresses(text: string): ParsedAllowedAddresses {
  const addresses: AllowedAddress[] = []
  for (const entry of text.split(/\s+/).filter(Boolean)) {
    const parsed = parseEntry(entry)
    if (!parsed) return { ok: false, problem: `${entry} is no address with optional /bits and :port.` }
    addresses.push(parsed)
  }
  return { ok: true, addresses }
}

/** An IPv6 address with a port needs brackets. */
const entryPattern = new RegExp(
  [
    /^(?:\[(?<bracketed>[^\]]*:[^\]]*)\]|(?<four>[\d.]+)|(?<six>[^/[\]]*:[^/[\]]*:[^/[\]]*))/,
    /(?:\/(?<bits>\d{1,3}))?(?::(?<port>\d{1,5}))?$/,
  ]
    .map(({ source }) => source)
    .join(''),
)

function parseEntry(entry: string): AllowedAddress | null {
  const groups = entryPattern.exec(entry)?.groups
  const network = parseAddress(groups?.['bracketed'] ?? groups?.['four'] ?? groups?.['six'] ?? '')
  if (!groups || !network) return null
  const bitsMax = network.kind() === 'ipv4' ? 32 : 128
  const bits = Number(groups['bits'] ?? bitsMax)
  const port = groups['port'] === undefined ? null : Number(groups['port'])
  const isValid = bits <= bitsMax && (port === null || isPort(port)) && !(groups['six'] && port !== null)
  return isValid ? { network: network.toString(), bits, port } : null
}
