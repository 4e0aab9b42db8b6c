import type { Sealer } from './sealer.ts'

/** The URL of a single export as it is stored: sealed, or as it was given. */
export interface StoredReceiverUrl {
  clear: string | null
  sealed: Uint8Array<ArrayBuffer> | null
}

/**
 * @param sealer without a key where it is to be stored as given
 * @param url null for a delivery to a saved destination, whose URL stays with it
 */
export function storedReceiverUrl(sealer: Sealer, siteId: number, url: string | null): StoredReceiverUrl {
  if (url === null || !sealer.available) return { clear: url, sealed: null }
  return { clear: null, sealed: sealer.seal(url, boundTo(siteId)) }
}

/** @throws SealError when its key is not there */
export function openReceiverUrl(sealer: Sealer, siteId: number, sealed: Uint8Array): string {
  return sealer.open(sealed, boundTo(siteId)) as string
}

/** To the site and not to the delivery: a re-export is made of another delivery's row, inside the database. */
function boundTo(siteId: number): string {
  return `receiver of site ${siteId}`
}
