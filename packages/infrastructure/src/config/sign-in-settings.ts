import { Type } from 'typebox'

/** Settings of signing in, part of the schema in settings-schema.ts. */
export const signInSettings = {
  GHOSTPOST_PASSWORD_SIGN_IN: Type.Boolean({
    description:
      'Whether people sign in with a password. `false` requires GHOSTPOST_OIDC_ISSUER; API keys work either way.',
    default: true,
  }),
  GHOSTPOST_OIDC_ISSUER: Type.String({
    description:
      'OpenID Connect issuer for single sign-on, exactly as its discovery document names it, for example ' +
      '`https://id.example.com/realms/main`. Plain http only on this machine. Empty: no single sign-on.',
    default: '',
    pattern: '^$|^https?://[^\\s?#]+$',
  }),
  GHOSTPOST_OIDC_CLIENT_ID: Type.String({
    description: 'Client id of Ghostpost at the issuer. Required with GHOSTPOST_OIDC_ISSUER.',
    default: '',
  }),
  GHOSTPOST_OIDC_CLIENT_SECRET: Type.String({
    description: 'Client secret of Ghostpost at the issuer. Required with GHOSTPOST_OIDC_ISSUER.',
    default: '',
    secret: true,
  }),
  GHOSTPOST_OIDC_SCOPES: Type.String({
    description: 'Scopes to ask the issuer for. Some issuers send the groups only with a scope of their own.',
    default: 'openid email profile',
    pattern: '^([!#-\\[\\]-~]+ )*openid( [!#-\\[\\]-~]+)*$',
  }),
  GHOSTPOST_OIDC_GROUPS_CLAIM: Type.String({
    description: 'The claim of the ID token that has the groups of a person: a list of texts, or a text.',
    default: 'groups',
    pattern: '^\\S+$',
  }),
  GHOSTPOST_OIDC_ROLES: Type.String({
    description:
      'Which roles the groups give: `role@site:group`, separated by semicolons, `*` for every site, for example ' +
      '`admin@*:Ghostpost admins; operator@4:sales`. Each sign-in through the issuer then sets the roles of the ' +
      'account. Empty: admins give roles in Ghostpost, and only their accounts sign in.',
    default: '',
  }),
}
