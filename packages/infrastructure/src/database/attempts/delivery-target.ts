import type { ClaimTarget } from '@ghostpost/delivery/deliver'
import { activeSigningSecrets, type DestinationSecrets } from '@ghostpost/delivery/destinations'
import { parseDurationsMs } from '../../config/parse-durations.ts'
import { openReceiverUrl } from '../../secrets/receiver-url.ts'
import { SealError, type Sealer } from '../../secrets/sealer.ts'

export interface TargetRow {
  destination_id: string | null
  site_id: number
  receiver_url: string | null
  receiver_url_sealed: Uint8Array | null
  sealed: Uint8Array | null
}

/**
 * The target of a delivery: its own URL, or the saved destination's present settings; null when that is gone.
 * @param now the database's time, which decides which signing secrets have expired
 */
export function targetOf(row: TargetRow, sealer: Sealer, now: Date): ClaimTarget | null {
  const url = requestUrl(row, sealer)
  if (url !== null)
    return {
      url,
      headers: {},
      signingSecrets: [],
      credentials: null,
    }
  if (row.destination_id === null || row.sealed === null) return null
  const secrets = openSecrets(sealer, row.sealed, row.destination_id)
  return {
    url: secrets.url,
    headers: secrets.headers,
    signingSecrets: activeSigningSecrets(secrets, now),
    credentials: secrets.credentials ?? null,
    options: secrets.options ?? {},
    mapping: secrets.mapping ?? null,
  }
}

function requestUrl(row: TargetRow, sealer: Sealer): string | null {
  const { receiver_url_sealed: sealed } = row
  return sealed === null ? row.receiver_url : openReceiverUrl(sealer, row.site_id, sealed)
}

/** Parses a saved destination's `retry_schedule`; null where it has none. */
export function parseOwnSchedule(retrySchedule: string | null): readonly number[] | null {
  return retrySchedule === null ? null : parseDurationsMs(retrySchedule)
}

/** @throws SealError when they cannot be opened, or are not what this system seals */
export function openSecrets(sealer: Sealer, sealed: Uint8Array, destinationId: string): DestinationSecrets {
  const secrets = sealer.open(sealed, destinationId)
  if (areSecrets(secrets)) return secrets
  throw new SealError('A sealed secret is not of a known form.')
}

function areSecrets(value: unknown): value is DestinationSecrets {
  if (typeof value !== 'object' || value === null) return false
  const { url, headers, signingSecrets } = value as Partial<Record<keyof DestinationSecrets, unknown>>
  if (typeof url !== 'string' || !URL.canParse(url)) return false
  return typeof headers === 'object' && headers !== null && Array.isArray(signingSecrets)
}
