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
])('only the origin of a URL is kept: %s', (text, kept) => {
  expect(withoutUrls(text)).toBe(kept)
})

describe('secrets in a log line', () => {
  test.each([
    'token',
    'password',
    'receiverUrl',
    'webhook_url',
    'authorization',
    'set-cookie',
    'private_key',
  ])('a field named %s is masked at every depth', (name) => {
    const planted = { [name]: 'planted' }
    const line = { ...planted, inner: { ...planted, kept: 1, inner: planted }, list: [planted, 'kept'] }
    const clean = JSON.stringify(withoutSecrets(line))
    expect(clean).not.toContain('planted')
    expect(clean.match(/\*\*\*/g)).toHaveLength(4)
    expect(clean).toContain('kept')
  })

  test('masking does not change the logged object', () => {
    const line = { inner: { token: 'planted' } }
    withoutSecrets(line)
    expect(line).toEqual({ inner: { token: 'planted' } })
  })
})

test('a line without secrets is returned unchanged', () => {
  const line = { delivery: 'd', phases: { dns: 1 }, at: new Date(0), error: new Error('kept') }
  expect(withoutSecrets(line)).toBe(line)
})
