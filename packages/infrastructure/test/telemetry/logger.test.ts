import { withoutUrls } from '@ghostpost/infrastructure'
import { expect, test } from 'vitest'

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
