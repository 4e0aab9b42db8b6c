import { parseGroupRoles, type GroupRole } from '@ghostpost/delivery/accounts'
import type { RawSettings } from './settings-schema.ts'

/** Single sign-on through one OpenID Connect issuer. */
export interface OidcSettings {
  issuer: URL
  clientId: string
  clientSecret: string
  scopes: string
  groupsClaim: string
  /** Empty: admins give roles in Ghostpost. */
  groupRoles: readonly GroupRole[]
}

const loopbackHosts = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

/** The settings of single sign-on, null without an issuer, and a sentence for each problem. */
export function readOidcSettings(raw: RawSettings): { settings: OidcSettings | null; problems: string[] } {
  const { GHOSTPOST_OIDC_ISSUER: issuerText, GHOSTPOST_PASSWORD_SIGN_IN: withPassword } = raw
  if (issuerText === '') {
    const problem = 'GHOSTPOST_PASSWORD_SIGN_IN=false requires GHOSTPOST_OIDC_ISSUER: nobody could sign in.'
    return { settings: null, problems: withPassword ? [] : [problem] }
  }
  const issuer = URL.parse(issuerText)
  const groupRoles = parseGroupRoles(raw.GHOSTPOST_OIDC_ROLES)
  const clientId = raw.GHOSTPOST_OIDC_CLIENT_ID
  const clientSecret = raw.GHOSTPOST_OIDC_CLIENT_SECRET
  const problems = [
    ...(issuer && isSafe(issuer) ? [] : ['GHOSTPOST_OIDC_ISSUER is wrong; expected an https:// URL.']),
    ...(clientId === '' ? ['GHOSTPOST_OIDC_CLIENT_ID is missing: GHOSTPOST_OIDC_ISSUER requires it.'] : []),
    ...(clientSecret === ''
      ? ['GHOSTPOST_OIDC_CLIENT_SECRET is missing: GHOSTPOST_OIDC_ISSUER requires it.']
      : []),
    ...(groupRoles
      ? []
      : ['GHOSTPOST_OIDC_ROLES is wrong; expected `role@site:group`, separated by semicolons.']),
  ]
  if (!issuer || !groupRoles || problems.length > 0) return { settings: null, problems }
  const { GHOSTPOST_OIDC_SCOPES: scopes, GHOSTPOST_OIDC_GROUPS_CLAIM: groupsClaim } = raw
  return { settings: { issuer, clientId, clientSecret, scopes, groupsClaim, groupRoles }, problems: [] }
}

function isSafe({ protocol, hostname, username }: URL): boolean {
  return username === '' && (protocol === 'https:' || loopbackHosts.test(hostname))
}
