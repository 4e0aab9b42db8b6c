import { Type, type Static } from 'typebox'
import { roles } from '../accounts/role.ts'
import { passwordLengthMin } from './password-length.ts'
import { lineOfText } from './plain-text.ts'
import { defaultSiteId } from './webhook.ts'

/** `/api/accounts`, `/api/account-links`, `/api/setup` and `/api/sign-in`. */

/** Most accounts with a role in one site. */
export const accountsMax = 1_000
/** Most links that one person makes in an hour. */
export const linksPerHourMax = 50
export const inviteDays = 7
export const resetHours = 24

const passwordLengthMax = 1_024
const nameLengthMax = 80
const tokenLengthMax = 128

const time = Type.String({ description: 'ISO 8601, UTC.' })
const nullableText = (description: string) => Type.Union([Type.String(), Type.Null()], { description })

const emailAddress = Type.String({
  minLength: 3,
  maxLength: 254,
  pattern: '^[^\\s@<>,;:"()\\[\\]\\\\]+@[^\\s@<>,;:"()\\[\\]\\\\]+$',
  description: 'Stored in lower case.',
})

const role = Type.Enum([...roles])
const siteInBody = Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647, default: defaultSiteId }))
const newPassword = Type.String({ minLength: passwordLengthMin, maxLength: passwordLengthMax })
const linkToken = Type.String({
  minLength: 1,
  maxLength: tokenLengthMax,
  description: 'The part of the link after #.',
})

const accountStates = ['active', 'invited', 'disabled'] as const

/** An account with its role in one site. */
export const AccountView = Type.Object({
  id: Type.String(),
  email: Type.String(),
  name: Type.String(),
  role: Type.Enum([...roles], { description: 'Its role in the site.' }),
  state: Type.Enum([...accountStates], {
    description:
      '`invited`: it has no way to sign in yet. `disabled`: it cannot sign in, its keys do not work.',
  }),
  has_password: Type.Boolean(),
  has_single_sign_on: Type.Boolean({ description: 'It has signed in through the OpenID Connect issuer.' }),
  created_at: time,
  last_seen_at: nullableText(
    'ISO 8601, UTC, to the minute: the last use of a live session; null without one.',
  ),
  link_expires_at: nullableText('When its open link expires; null without one.'),
  manageable: Type.Boolean({
    description: 'You are admin of each of its sites, so you may disable it and make links for it.',
  }),
})

export const AccountList = Type.Object({
  items: Type.Array(AccountView, { description: `By e-mail address, at most ${accountsMax}.` }),
})

/** An account, and the link for its owner. */
export const AccountWithLink = Type.Object({
  account: AccountView,
  link: nullableText('Works once. It is shown only here: only a digest is stored. Null if none is needed.'),
  link_expires_at: nullableText('ISO 8601, UTC; null without a link.'),
  emailed: Type.Boolean({ description: 'The mail server took an e-mail with the link.' }),
})

export const InviteBody = Type.Object(
  {
    email: emailAddress,
    name: Type.Optional(
      lineOfText({ minLength: 1, maxLength: nameLengthMax, description: 'The e-mail address by default.' }),
    ),
    role,
    siteId: siteInBody,
  },
  { additionalProperties: false },
)

export const AccountChanges = Type.Object({ role, siteId: siteInBody }, { additionalProperties: false })

export const AccountParams = Type.Object({ id: Type.String({ maxLength: 64 }) })

export const AccountQuery = Type.Object({
  siteId: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,9}$', default: String(defaultSiteId) })),
})

export const LinkBody = Type.Object({ token: linkToken }, { additionalProperties: false })

export const LinkView = Type.Object({
  purpose: Type.Enum(['invite', 'reset']),
  email: Type.String(),
  name: Type.String(),
  expires_at: time,
})

export const UseLinkBody = Type.Object(
  { token: linkToken, password: newPassword },
  { additionalProperties: false },
)

export const SetupBody = Type.Object(
  {
    token: linkToken,
    email: emailAddress,
    name: lineOfText({ minLength: 1, maxLength: nameLengthMax }),
    password: newPassword,
    site_name: lineOfText({
      minLength: 1,
      maxLength: nameLengthMax,
      description: 'Name of the first site. Ignored if the installation has sites.',
    }),
  },
  { additionalProperties: false },
)

export const SetupResult = Type.Object({
  email: Type.String(),
  siteIds: Type.Array(Type.Integer(), { description: 'The sites that the account is admin of.' }),
})

const pathOfDashboard = Type.String({
  maxLength: 2_000,
  pattern: '^/[!-~]*$',
  description: 'Path of the dashboard to open afterwards.',
})

export const OidcStartQuery = Type.Object({ return: Type.Optional(pathOfDashboard) })

/** How people sign in here. */
export const SignInOptions = Type.Object({
  password: Type.Boolean({ description: 'With e-mail address and password.' }),
  oidc: Type.Boolean({ description: 'Through an OpenID Connect issuer: GET /api/oidc/start.' }),
  setup_needed: Type.Boolean({
    description: 'There is no account yet. The API printed a link when it started.',
  }),
})

export type AccountChanges = Static<typeof AccountChanges>
export type SignInOptions = Static<typeof SignInOptions>
export type AccountView = Static<typeof AccountView>
export type AccountWithLink = Static<typeof AccountWithLink>
export type InviteBody = Static<typeof InviteBody>
export type LinkView = Static<typeof LinkView>
export type SetupBody = Static<typeof SetupBody>
