/** What a member may do in a site, from least to most: read; export and change destinations; read the audit log and erase. */
export const roles = ['viewer', 'operator', 'admin'] as const

export type Role = (typeof roles)[number]

/** A stored role; null for a word that is none, which then allows nothing. */
export function parseRole(text: string): Role | null {
  return roles.find((role) => role === text) ?? null
}

export function isAtLeast(role: Role, required: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(required)
}
