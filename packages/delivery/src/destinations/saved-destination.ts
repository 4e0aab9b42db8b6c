import type { Credentials } from './credentials.ts'
import type { DestinationOptions } from './destination-options.ts'
import type { Mapping } from './mapping/index.ts'

/** The secrets of a saved destination, which the database stores encrypted. */
export interface DestinationSecrets {
  url: string
  /** Custom headers, whose values are often tokens. */
  headers: Readonly<Record<string, string>>
  /** The current signing secret first, then older ones that have not expired, so that receivers can change over. */
  signingSecrets: readonly SigningSecret[]
  /** Credentials switch CRM mode on. */
  credentials?: Credentials | null
  /** The settings that only some types have. */
  options?: DestinationOptions
  /** What the payload consists of; the documented payload without one. */
  mapping?: Mapping | null
}

interface SigningSecret {
  /** `whsec_` and base64: HMAC-SHA256. `whsk_` and base64: ed25519. */
  secret: string
  /** ISO 8601; null for the current one. */
  expiresAt: string | null
}

export const destinationStates = ['enabled', 'paused', 'disabled'] as const

export type DestinationState = (typeof destinationStates)[number]

/** How long a replaced signing secret continues to sign beside the new one. */
const signingOverlapMs = 24 * 3_600_000

/** Every secret adds a signature to the header of every attempt. */
const signingSecretsMax = 5

/** The secrets that sign now, the current one first. */
export function activeSigningSecrets({ signingSecrets }: DestinationSecrets, now: Date): string[] {
  return signingSecrets
    .filter(({ expiresAt }) => expiresAt === null || Date.parse(expiresAt) > now.getTime())
    .map(({ secret }) => secret)
}

/**
 * Adds a new current signing secret. The former one expires after the overlap. Drops expired secrets, and the oldest
 * ones above the maximum.
 */
export function rotateSigningSecret(
  secrets: DestinationSecrets,
  secret: string,
  now: Date,
): DestinationSecrets {
  const expiresAt = new Date(now.getTime() + signingOverlapMs).toISOString()
  const active = activeSigningSecrets(secrets, now)
  const older = secrets.signingSecrets
    .filter((one) => active.includes(one.secret))
    .map((one) => ({ secret: one.secret, expiresAt: one.expiresAt ?? expiresAt }))
  const signingSecretsAfter = [{ secret, expiresAt: null }, ...older].slice(0, signingSecretsMax)
  return { ...secrets, signingSecrets: signingSecretsAfter }
}

/** The parts of a destination's secrets that its receiver's origin may know. */
export interface WriteOnlyParts {
  headers?: Readonly<Record<string, string>> | undefined
  credentials?: Credentials | null | undefined
  /** No secret: they stay when they are not given. */
  options?: DestinationOptions | undefined
  mapping?: Mapping | null | undefined
}

/**
 * The secrets after a change of the URL. Another origin gets none of the stored ones: who may change the URL could
 * otherwise read them at a receiver of their own.
 * @param given the parts that the change contains
 * @param keep an admin decided that the new origin may have the stored ones
 */
export function moveSecrets(
  secrets: DestinationSecrets,
  url: string,
  given: WriteOnlyParts,
  keep: boolean,
): DestinationSecrets {
  const stays = keep || new URL(url).origin === new URL(secrets.url).origin
  const stored = stays ? secrets : { headers: {}, credentials: null, signingSecrets: [] }
  return {
    url,
    headers: given.headers ?? stored.headers,
    credentials: given.credentials === undefined ? (stored.credentials ?? null) : given.credentials,
    signingSecrets: stored.signingSecrets,
    options: given.options ?? secrets.options ?? {},
    mapping: given.mapping === undefined ? (secrets.mapping ?? null) : given.mapping,
  }
}

/** The names of the secrets of `before` that `after` no longer has. */
export function droppedSecrets(before: DestinationSecrets, after: DestinationSecrets): string[] {
  const headers = Object.keys(before.headers).length > 0 && Object.keys(after.headers).length === 0
  return [
    ...(headers ? ['headers'] : []),
    ...(before.credentials && !after.credentials ? ['credentials'] : []),
    ...(before.signingSecrets.length > 0 && after.signingSecrets.length === 0 ? ['signing_secrets'] : []),
  ]
}

const customHeadersMax = 20
const customHeaderBytesMax = 4_096

const headerName = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/
/** Visible ASCII and inner spaces. A line break could start another header. */
const headerValue = /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/
const reservedHeaders: ReadonlySet<string> = new Set([
  'host',
  'content-length',
  'content-type',
  'content-encoding',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'upgrade',
  'te',
  'trailer',
  'expect',
  'accept-encoding',
  'user-agent',
])
const reservedPrefix = /^(proxy|webhook)-/

/** What the API expects instead of these custom headers, as the end of a sentence; null when they are valid. */
export function customHeadersProblem(headers: Readonly<Record<string, string>>): string | null {
  const entries = Object.entries(headers)
  if (entries.length > customHeadersMax) return `at most ${customHeadersMax} headers`
  const bytes = entries.reduce((sum, [name, value]) => sum + name.length + value.length, 0)
  if (bytes > customHeaderBytesMax) return `at most ${customHeaderBytesMax} characters of headers`
  const seen = new Set<string>()
  for (const [name, value] of entries) {
    if (!headerName.test(name)) return 'header names of letters, digits and hyphens'
    const lowerCase = name.toLowerCase()
    if (seen.has(lowerCase)) return `${lowerCase} only once: upper and lower case are the same header`
    seen.add(lowerCase)
    if (reservedHeaders.has(lowerCase) || reservedPrefix.test(lowerCase))
      return `no ${lowerCase} header, which Ghostpost sets itself`
    if (!headerValue.test(value)) return `printable ASCII without line breaks as the value of ${name}`
  }
  return null
}
