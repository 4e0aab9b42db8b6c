import { createHash, randomBytes } from 'node:crypto'

const tokenBytes = 32

/** A new session token: 256 random bits, safe in a cookie. */
export function newSessionToken(): string {
  return randomBytes(tokenBytes).toString('base64url')
}

/** The stored form of a token. A plain digest is enough, because a token of 256 random bits cannot be guessed. */
export function hashSessionToken(token: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(token).digest())
}
