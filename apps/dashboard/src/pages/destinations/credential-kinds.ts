import { credentialForms, type CredentialKind } from '@ghostpost/client'
import type { CredentialsBody } from '@ghostpost/delivery/contract/credentials'

/**
 * Reads the credentials from a form. Absent keeps the stored credentials, null removes them.
 * @param field reads a field by its name
 */
export function readCredentials(field: (name: string) => string): {
  credentials?: CredentialsBody | null
} {
  const kind = field('credentials')
  if (kind === '') return {}
  if (!Object.hasOwn(credentialForms, kind)) return { credentials: null }
  const present = credentialForms[kind as CredentialKind].fields
    .map(({ name }) => [name, field(name).trim()] as const)
    .filter(([, value]) => value !== '')
  return { credentials: { kind: kind as CredentialKind, ...Object.fromEntries(present) } }
}
