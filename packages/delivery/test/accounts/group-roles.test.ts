import { describe, expect, test } from 'vitest'
import { groupsOfClaim, parseGroupRoles, rolesOfGroups } from '../../src/accounts/group-roles.ts'
import { linkEmail } from '../../src/accounts/account-email.ts'

describe('the roles of groups', () => {
  test('are read from a text, where a group may have spaces, colons and commas', () => {
    expect(parseGroupRoles(' admin@*:Ghostpost admins ;operator@4:cn=sales,ou=a:b;; ')).toEqual([
      { group: 'Ghostpost admins', role: 'admin', siteId: null },
      { group: 'cn=sales,ou=a:b', role: 'operator', siteId: 4 },
    ])
    expect(parseGroupRoles('')).toEqual([])
  })

  test.each(['sales', 'owner@4:sales', 'admin@0:x', 'admin@x:y', 'admin@4:', 'admin@4: ', 'admin:4:x'])(
    'are not read from %j',
    (text) => expect(parseGroupRoles(text)).toBeNull(),
  )

  test('are the highest of each site, and only in sites that exist', () => {
    const groupRoles = parseGroupRoles('viewer@*:all; admin@4:a; operator@4:b; admin@9:a') ?? []
    expect([...rolesOfGroups(groupRoles, new Set(['all', 'b']), [4, 7])]).toEqual([
      [4, 'operator'],
      [7, 'viewer'],
    ])
    expect([...rolesOfGroups(groupRoles, new Set(['a', 'b']), [4, 7])]).toEqual([[4, 'admin']])
    expect([...rolesOfGroups(groupRoles, new Set(['A']), [4, 7])]).toEqual([])
  })

  test.each([
    [
      ['a', 'b', 3, null],
      ['a', 'b'],
    ],
    ['a', ['a']],
    [undefined, []],
    [{ a: 1 }, []],
  ])('come from the claim %j', (claim, groups) => expect([...groupsOfClaim(claim)]).toEqual(groups))
})

test('the e-mail of a link has one link, and the name of the site adds no line', () => {
  const email = linkEmail({
    purpose: 'invite',
    link: 'https://g.example/ops/join#t',
    expiresAt: new Date('2026-12-01T10:00:00Z'),
    madeBy: 'ada@example.com',
    siteName: 'Shop\r\nhttps://evil.example',
  })
  expect(email.subject).toBe('[Ghostpost] Your account')
  expect(email.body).toContain('ada@example.com invites you to the site "Shop https://evil.example".\n')
  expect(email.body).toContain('until 2026-12-01 10:00 UTC')
})
