import { withoutSecrets, withoutUrls } from '@ghostpost/infrastructure/telemetry'
import { describe, expect, test } from 'vitest'

test.each([
  [
    'connect to https://hooks.slack.com/services/T0/B0/secret failed',
    'connect to https://hooks.slack.com/… failed',
  ],
  ['postgresql://ghostpost:pw@db:5432/ghostpost refused', 'postgresql://db:5432/… refused'],
  ['see http://[::1]:80/a?token=1#x', 'see http://[::1]:80/…'],
  ['"https://example.com/p?q=1", then', '"https://example.com/…", then'],
  ['no address in here', 'no address in here'],
])('keeps of an address only where it leads: %s', (text, kept) => {
  expect(withoutUrls(text)).toBe(kept)
})

describe('under the name of a secret', () => {
  test.each([
    'token',
    'password',
    'receiverUrl',
    'webhook_url',
    'authorization',
    'set-cookie',
    'private_key',
  ])('%s nothing is kept, however deep it stands in a line', (name) => {
    const planted = { [name]: 'planted' }
    const line = { ...planted, inner: { ...planted, kept: 1, inner: planted }, list: [planted, 'kept'] }
    const clean = JSON.stringify(withoutSecrets(line))
    expect(clean).not.toContain('planted')
    expect(clean.match(/\*\*\*/g)).toHaveLength(4)
    expect(clean).toContain('kept')
  })

  test('what was given is left as it was', () => {
    const line = { inner: { token: 'planted' } }
    withoutSecrets(line)
    expect(line).toEqual({ inner: { token: 'planted' } })
  })
})

test('a line without secrets is written as it was given', () => {
  const line = { delivery: 'd', phases: { dns: 1 }, at: new Date(0), error: new Error('kept') }
  expect(withoutSecrets(line)).toBe(line)
})
