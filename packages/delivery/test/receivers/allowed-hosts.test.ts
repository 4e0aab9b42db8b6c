import { expect, test } from 'vitest'
import { allowHosts } from '../../src/receivers/allowed-hosts.ts'

const isAllowed = allowHosts(
  ['https://ghostpost.example.com/x', 'http://ops.example.com'],
  'api.example.net other.example.net',
)

test.each([
  'localhost',
  'LOCALHOST:4080',
  'localhost.',
  'dev.localhost:1',
  '127.0.0.1:4080',
  '10.1.2.3',
  '[::1]:4080',
  '[2001:db8::1]',
  'api:4080',
  'ghostpost.example.com',
  'GhostPost.Example.com.:443',
  'api.example.net',
  'ops.example.com',
  'other.example.net:80',
  '',
  undefined,
])('the host %s is ours', (host) => expect(isAllowed(host)).toBe(true))

test.each([
  'evil.example',
  'evil.example:4080',
  'ghostpost.example.com.evil.example',
  'xghostpost.example.com',
  'localhost.evil.example',
  '127.0.0.1.evil.example',
  '127.0.0.1@evil.example',
  '1.2.3.999',
  '[evil.example]',
  '[::1]evil.example',
  ':4080',
  '.',
  'a b',
])('the host %s is not ours', (host) => expect(isAllowed(host)).toBe(false))

test('with * any host is ours', () => expect(allowHosts([], '*')('evil.example')).toBe(true))
