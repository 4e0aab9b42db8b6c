import { describe, expect, test } from 'vitest'
import { safeReturnPath } from '../src/session/safe-return-path.ts'
import { chooseSite, refusalFor } from '../src/session/session.ts'

describe('after signing in', () => {
  test.each([
    ['/deliveries?status=failed', '/ops/deliveries?status=failed'],
    ['/ops/deliveries', '/ops/deliveries'],
    [undefined, '/ops/'],
    ['https://evil.example/', '/ops/'],
    ['//evil.example', '/ops/'],
    ['/\\evil.example', '/ops/'],
    ['/sign-in?return=/', '/ops/'],
  ])('%s opens %s', (requested, opened) => {
    expect(safeReturnPath(requested)).toBe(opened)
  })
})

describe('the site', () => {
  const sites = [
    { id: 4, name: 'Shop', role: 'viewer' },
    { id: 7, name: 'Other', role: 'admin' },
  ]

  test('is the one in the URL, else the one chosen last, else the first', () => {
    expect(chooseSite(sites, 7, '4')?.id).toBe(7)
    expect(chooseSite(sites, 9, '7')?.id).toBe(7)
    expect(chooseSite(sites, undefined, null)?.id).toBe(4)
    expect(chooseSite([], undefined, null)).toBeNull()
  })
})

test('a role that does not suffice gets the reason', () => {
  expect(refusalFor('operator', 'operator')).toBeNull()
  expect(refusalFor('admin', 'operator')).toBeNull()
  expect(refusalFor('viewer', 'operator')).toBe('This needs the role operator in this site; yours is viewer.')
  expect(refusalFor('something else', 'viewer')).not.toBeNull()
})
