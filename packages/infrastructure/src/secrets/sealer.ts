import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** Encrypts values before they are stored. Each value is bound to its record. */
export interface Sealer {
  /** False when no key is configured; then `seal` throws. */
  available: boolean
  seal: (value: unknown, boundTo: string) => Uint8Array<ArrayBuffer>
  /** @throws SealError when the key is not configured, or the bytes were changed or belong to another record */
  open: (sealed: Uint8Array, boundTo: string) => unknown
  /** Whether the value is sealed with the first key, so that it opens without the others. */
  isCurrent: (sealed: Uint8Array) => boolean
}

export class SealError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'SealError'
  }
}

interface Key {
  id: string
  bytes: Buffer
}

const cipher = 'aes-256-gcm'
const version = 1
const ivBytes = 12
const tagBytes = 16

/**
 * AES-256-GCM. The first key seals, and all keys open. To rotate the key, put a new one in front. Layout: version,
 * length of the key's id, id, 12 bytes of nonce, 16 bytes of tag, ciphertext.
 * @param keysText `id:base64` entries separated by spaces, each of 32 bytes
 */
export function openSealer(keysText: string): Sealer {
  const keys = keysText.split(' ').filter(Boolean).map(parseKey)
  const [current] = keys
  return {
    available: current !== undefined,
    seal: (value, boundTo) => {
      if (!current) throw new SealError('No key is configured (GHOSTPOST_SECRET_KEYS).')
      return seal(current, JSON.stringify(value), boundTo)
    },
    open: (sealed, boundTo) => parseSealed(open(keys, Buffer.from(sealed), boundTo)),
    isCurrent: (sealed) => current !== undefined && keyIdIn(Buffer.from(sealed)) === current.id,
  }
}

function parseSealed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new SealError('A sealed secret is not of a known form.')
  }
}

/** Ids come from the database, too: what is no id of a key is not repeated. */
function nameOfKey(id: string): string {
  return /^[\w.-]{1,64}$/.test(id) ? id : 'of an unknown id'
}

function parseKey(entry: string): Key {
  const [id = '', encoded = ''] = entry.split(':')
  return { id, bytes: Buffer.from(encoded, 'base64') }
}

function seal(key: Key, plain: string, boundTo: string): Uint8Array<ArrayBuffer> {
  const iv = randomBytes(ivBytes)
  const encrypt = createCipheriv(cipher, key.bytes, iv).setAAD(Buffer.from(boundTo))
  const body = Buffer.concat([encrypt.update(plain, 'utf8'), encrypt.final()])
  const id = Buffer.from(key.id)
  return new Uint8Array(
    Buffer.concat([Buffer.from([version, id.length]), id, iv, encrypt.getAuthTag(), body]),
  )
}

function keyIdIn(sealed: Buffer): string {
  return sealed.subarray(2, 2 + (sealed[1] ?? 0)).toString()
}

function open(keys: readonly Key[], sealed: Buffer, boundTo: string): string {
  const id = keyIdIn(sealed)
  const idEnd = 2 + (sealed[1] ?? 0)
  const key = keys.find((candidate) => candidate.id === id)
  if (sealed[0] !== version || !key)
    throw new SealError(`A secret is sealed with the key ${nameOfKey(id)}, which is not configured.`)
  const tagStart = idEnd + ivBytes
  const bodyStart = tagStart + tagBytes
  try {
    const decrypt = createDecipheriv(cipher, key.bytes, sealed.subarray(idEnd, tagStart), {
      authTagLength: tagBytes,
    })
    decrypt.setAAD(Buffer.from(boundTo)).setAuthTag(sealed.subarray(tagStart, bodyStart))
    return Buffer.concat([decrypt.update(sealed.subarray(bodyStart)), decrypt.final()]).toString('utf8')
  } catch (cause) {
    throw new SealError('A sealed secret was changed or belongs to another record.', { cause })
  }
}
