/**
 * The ids of a worker's claims begin with 60 bits of the worker's id, beside the version of the UUID. Claims have
 * version 8 (RFC 9562, section 5.8); their other bits are random. The same bits are the key of the worker's lock.
 */

/** The beginning of the ids of a worker's claims. */
export function claimIdPrefixOf(workerId: string): string {
  return `${workerId.slice(0, 14)}8${workerId.slice(15, 18)}`
}

/** The range of the ids of a worker's claims. */
export function claimIdsOf(workerId: string): { lowest: string; highest: string } {
  const prefix = claimIdPrefixOf(workerId)
  return { lowest: `${prefix}-0000-000000000000`, highest: `${prefix}-ffff-ffffffffffff` }
}

/** The key of a worker's advisory lock, as decimal digits: a positive 60-bit number. */
export function lockKeyOf(workerId: string): string {
  const digits = `${workerId.slice(0, 8)}${workerId.slice(9, 13)}${workerId.slice(15, 18)}`
  return BigInt(`0x${digits}`).toString()
}
