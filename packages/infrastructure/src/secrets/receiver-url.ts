import type { Sealer } from './sealer.ts'

/** The stored URL of a single export: sealed, or in the clear. */
export interface StoredReceiverUrl {
  clear: string | null
  sealed: Uint8Array<ArrayBuffer> | null
}

/**
 * @param sealer without a key when URLs are stored in the clear
 * @param url null for a delivery to a saved destination, which has the URL
 */
export function storedReceiverUrl(sealer: Sealer, siteId: number, url: string | null): StoredReceiverUrl {
  if (url === null || !sealer.available) return { clear: url, sealed: null }
  return { clear: null, sealed: sealer.seal(url, boundTo(siteId)) }
}

/** @throws SealError when the key is not configured */
export function openReceiverUrl(sealer: Sealer, siteId: number, sealed: Uint8Array): string {
  return sealer.open(sealed, boundTo(siteId)) as string
}

/** The site, not the delivery: a re-export copies the sealed URL from another delivery inside the database. */
function boundTo(siteId: number): string {
  return `receiver of site ${siteId}`
}
