import { randomInt } from 'node:crypto'
import { crc32 } from 'node:zlib'

/** Secret scanners recognise it. */
const mark = 'gp_'
const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
/** 256 random bits. */
const secretLength = 43
const checksumLength = 6
const prefixLength = mark.length + 6
const shape = new RegExp(`^${mark}[0-9A-Za-z]{${secretLength + checksumLength}}$`)

/** A new API key: `gp_`, 43 random letters and digits, and 6 more that are their checksum. */
export function newApiKeyToken(): string {
  const secret = Array.from({ length: secretLength }, () => digits[randomInt(digits.length)]).join('')
  return `${mark}${secret}${checksumOf(secret)}`
}

/** Whether a text can be a key. A typing error, or a made-up key, costs no look-up. */
export function isApiKeyToken(text: string): boolean {
  if (!shape.test(text)) return false
  const secret = text.slice(mark.length, -checksumLength)
  return text.endsWith(checksumOf(secret))
}

/** The part of a key that people may see. */
export function prefixOfApiKey(token: string): string {
  return token.slice(0, prefixLength)
}

function checksumOf(secret: string): string {
  let rest = crc32(secret)
  let text = ''
  for (let place = 0; place < checksumLength; place += 1) {
    text = `${digits[rest % digits.length]}${text}`
    rest = Math.floor(rest / digits.length)
  }
  return text
}
