import { expect, test } from 'vitest'
import { maskHeaders, masked } from '../../src/receivers/mask-headers.ts'

test('headers of ours are shown, and all others only by name', () => {
  expect(
    maskHeaders({
      'Content-Type': 'application/json',
      'User-Agent': 'Ghostpost/1',
      'webhook-id': '0193',
      'webhook-timestamp': '1763900000',
      'X-Api-Key': 'secret',
      Authorization: 'Bearer secret',
      cookie: 'secret',
    }),
  ).toEqual({
    'content-type': 'application/json',
    'user-agent': 'Ghostpost/1',
    'webhook-id': '0193',
    'webhook-timestamp': '1763900000',
    'x-api-key': masked,
    authorization: masked,
    cookie: masked,
  })
})

test('of signatures the schemes are shown, one for each secret', () => {
  expect(maskHeaders({ 'webhook-signature': 'v1,abc= v1a,def=' })).toEqual({
    'webhook-signature': `v1,${masked} v1a,${masked}`,
  })
})
