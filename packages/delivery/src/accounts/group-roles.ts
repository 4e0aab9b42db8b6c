import { isAtLeast, parseRole, type Role } from './role.ts'

/** A group at the issuer gives a role in a site; a site of null means every site. */
export interface GroupRole {
  group: string
  role: Role
  siteId: number | null
}

const entryPattern = /^([a-z]+)@(\*|[1-9]\d{0,8}):(.+)$/

/**
 * Parses `admin@*:Ghostpost admins; operator@4:/sales`: a role, a site or `*`, and the group, which may contain
 * everything except a semicolon. Null for a text of another form.
 */
export function parseGroupRoles(text: string): GroupRole[] | null {
  const entries = text
    .split(';')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map(parseEntry)
  return entries.every((entry) => entry !== null) ? entries : null
}

function parseEntry(entry: string): GroupRole | null {
  const [, roleText = '', site = '', group = ''] = entryPattern.exec(entry) ?? []
  const role = parseRole(roleText)
  return role && { group: group.trim(), role, siteId: site === '*' ? null : Number(site) }
}

/**
 * The roles that a person's groups give, by site: the highest of each site.
 * @param siteIds all sites of the installation; a role in another one is left out
 */
export function rolesOfGroups(
  groupRoles: readonly GroupRole[],
  groups: ReadonlySet<string>,
  siteIds: readonly number[],
): Map<number, Role> {
  const roles = new Map<number, Role>()
  for (const { group, role, siteId } of groupRoles) {
    if (!groups.has(group)) continue
    for (const id of siteIds.filter((one) => siteId === null || one === siteId)) {
      const held = roles.get(id)
      if (held === undefined || isAtLeast(role, held)) roles.set(id, role)
    }
  }
  return roles
}

/** The groups of a claim: a text, or a list of texts. Other values are no groups. */
export function groupsOfClaim(claim: unknown): Set<string> {
  const values = Array.isArray(claim) ? claim : [claim]
  return new Set(values.filter((value) => typeof value === 'string'))
}
