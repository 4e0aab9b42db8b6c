import { randomBytes } from 'node:crypto'
import { newSigningSecret, openSealer, SealError } from '@ghostpost/infrastructure/secrets'
import { expect, test } from 'vitest'

const key = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`
const secrets = { url: 'https://hooks.slack.com/services/T0/B0/secret', headers: {}, signingSecrets: [] }

test('a sealed value opens again, and its bytes do not show it', () => {
  const sealer = openSealer(key('k1'))
  const sealed = sealer.seal(secrets, 'destination-1')
  expect(Buffer.from(sealed).toString('latin1')).not.toContain('slack')
  expect(sealer.open(sealed, 'destination-1')).toEqual(secrets)
})

test('the same value is sealed to different bytes each time', () => {
  const sealer = openSealer(key('k1'))
  expect(sealer.seal(secrets, 'a')).not.toEqual(sealer.seal(secrets, 'a'))
})

test('a new first key seals, and the old key still opens', () => {
  const [old, fresh] = [key('k1'), key('k2')]
  const sealed = openSealer(old).seal(secrets, 'a')
  const rotated = openSealer(`${fresh} ${old}`)
  expect(rotated.open(sealed, 'a')).toEqual(secrets)
  expect(() => openSealer(old).open(rotated.seal(secrets, 'a'), 'a')).toThrow('the key k2')
})

test('a sealed value opens only for its own record', () => {
  const sealer = openSealer(key('k1'))
  expect(() => sealer.open(sealer.seal(secrets, 'a'), 'b')).toThrow(SealError)
})

test('a value with one changed bit does not open', () => {
  const sealer = openSealer(key('k1'))
  const sealed = sealer.seal(secrets, 'a')
  for (let at = 0; at < sealed.length; at += 1) {
    const changed = Uint8Array.from(sealed)
    changed[at] = (changed[at] ?? 0) ^ 1
    expect(() => sealer.open(changed, 'a')).toThrow(SealError)
  }
})

test('sealing without a key throws', () => {
  const sealer = openSealer('')
  expect(sealer.available).toBe(false)
  expect(() => sealer.seal(secrets, 'a')).toThrow('GHOSTPOST_SECRET_KEYS')
})

test('signing secrets are 32 random bytes in Standard Webhooks’ form', () => {
  const [one, other] = [newSigningSecret(), newSigningSecret()]
  expect(one).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
  expect(one).not.toBe(other)
})
