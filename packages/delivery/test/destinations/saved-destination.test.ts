import {
  customHeadersProblem,
  activeSigningSecrets,
  rotateSigningSecret,
  type DestinationSecrets,
} from '@ghostpost/delivery/destinations'
import { describe, expect, test } from 'vitest'

const now = new Date('2026-03-10T17:18:00.000Z')
const later = (hours: number): Date => new Date(now.getTime() + hours * 3_600_000)

function secretsWith(...signingSecrets: DestinationSecrets['signingSecrets'][number][]): DestinationSecrets {
  return { url: 'https://example.com/', headers: {}, signingSecrets }
}

describe('rotating a signing secret', () => {
  const first = secretsWith({ secret: 'one', expiresAt: null })

  test('keeps the old secret for a day', () => {
    const rotated = rotateSigningSecret(first, 'two', now)
    expect(activeSigningSecrets(rotated, later(23))).toEqual(['two', 'one'])
    expect(activeSigningSecrets(rotated, later(25))).toEqual(['two'])
  })

  test('does not extend the life of an older secret', () => {
    const twice = rotateSigningSecret(rotateSigningSecret(first, 'two', now), 'three', later(23))
    expect(activeSigningSecrets(twice, later(23.5))).toEqual(['three', 'two', 'one'])
    expect(activeSigningSecrets(twice, later(25))).toEqual(['three', 'two'])
  })

  test('keeps at most five secrets, however many rotations a day has', () => {
    let rotated = first
    for (let n = 2; n <= 20; n += 1) rotated = rotateSigningSecret(rotated, `s${n}`, now)
    expect(activeSigningSecrets(rotated, now)).toEqual(['s20', 's19', 's18', 's17', 's16'])
  })

  test('drops expired secrets', () => {
    const rotated = rotateSigningSecret(rotateSigningSecret(first, 'two', now), 'three', later(30))
    expect(rotated.signingSecrets.map(({ secret }) => secret)).toEqual(['three', 'two'])
  })
})

describe('custom headers', () => {
  test.each([[{}], [{ authorization: 'Bearer abc.def' }], [{ 'X-Api-Key': 'a b c' }]])(
    '%j are fine',
    (headers) => {
      expect(customHeadersProblem(headers)).toBeNull()
    },
  )

  test.each([
    ['a line break', { 'x-a': 'one\r\nx-b: two' }],
    ['a lone line feed', { 'x-a': 'one\ntwo' }],
    ['a NUL', { 'x-a': 'a\0b' }],
    ['text outside ASCII', { 'x-a': 'é' }],
    ['an empty value', { 'x-a': '' }],
    ['blanks around a value', { 'x-a': ' a ' }],
    ['a name with a blank', { 'x a': '1' }],
    ['a name with a colon', { 'x:a': '1' }],
    ['an empty name', { '': '1' }],
    ['too many', Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`x-${n}`, '1']))],
    ['too much', { 'x-a': 'y'.repeat(5_000) }],
  ])('with %s are refused', (_name, headers) => {
    expect(customHeadersProblem(headers as Record<string, string>)).toBeTruthy()
  })

  test.each([
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
    'proxy-authorization',
    'proxy-connection',
    'proxy-anything',
    'webhook-id',
    'webhook-timestamp',
    'webhook-signature',
    'webhook-anything',
  ])('leave %s to Ghostpost, however it is written', (name) => {
    for (const written of [name, name.toUpperCase(), `${name[0]?.toUpperCase()}${name.slice(1)}`])
      expect(customHeadersProblem({ [written]: 'x' })).toBe(`no ${name} header, which Ghostpost sets itself`)
  })

  test.each([
    'hosts',
    'x-host',
    'x-content-type',
    'accept',
    'authorization',
    'x-webhook-id',
    'proxy',
    'webhook',
  ])('may be %s, which is not reserved', (name) => {
    expect(customHeadersProblem({ [name]: 'x' })).toBeNull()
  })
})
