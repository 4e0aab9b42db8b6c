/**
 * Roles of a site's members, least rights first: read; export and change destinations; read the audit log and erase.
 */
export const roles = ['viewer', 'operator', 'admin'] as const

export type Role = (typeof roles)[number]

/** Parses a stored role; null for an unknown word, which allows nothing. */
export function parseRole(text: string): Role | null {
  return roles.find((role) => role === text) ?? null
}

export function isAtLeast(role: Role, required: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(required)
}

/** The one of two roles with fewer rights. */
export function lowerRole(one: Role, other: Role): Role {
  return isAtLeast(one, other) ? other : one
}
