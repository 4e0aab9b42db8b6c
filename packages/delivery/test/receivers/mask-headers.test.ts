import { expect, test } from 'vitest'
import { maskHeaders, masked } from '../../src/receivers/mask-headers.ts'

test('our own headers are shown, all others only by name', () => {
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

test('only the schemes of signatures are shown, one per secret', () => {
  expect(maskHeaders({ 'webhook-signature': 'v1,abc= v1a,def=' })).toEqual({
    'webhook-signature': `v1,${masked} v1a,${masked}`,
  })
})
