import {
  LinkBody,
  LinkView,
  SetupBody,
  SetupResult,
  SignInOptions,
  UseLinkBody,
} from '@ghostpost/delivery/contract/accounts'
import { Type } from 'typebox'
import { overloaded } from '../../server/admission.ts'
import { ApiError } from '../../server/api-error.ts'
import { callerOf } from '../../server/caller.ts'
import { defineRoute } from '../../server/route.ts'
import { passwordSignInOff } from './accounts.ts'

/** What people do without a session: they have a link instead. */

export const readAccountLink = defineRoute({
  method: 'POST',
  url: '/api/account-links/read',
  access: 'public',
  summary: 'Read whose account a link is for',
  description: 'The link stays usable. Limited per caller address, as sign-ins are.',
  tag: 'Session',
  body: LinkBody,
  responses: { 200: LinkView },
  errors: [400, 404, 413, 415, 429, 503],
  signsIn: true,
  idempotent: true,
  handle: async ({ accounts }, request) => {
    const link = await accounts.findLink(request.body.token)
    if (!link) throw linkNotFound()
    const { purpose, email, name, expiresAt } = link
    return { purpose, email, name, expires_at: expiresAt.toISOString() }
  },
})

export const useAccountLink = defineRoute({
  method: 'POST',
  url: '/api/account-links/use',
  access: 'public',
  summary: 'Set the password of the account that a link is for',
  description:
    'Ends the link and all sessions of the account. Sign in with the new password afterwards. Limited per caller ' +
    'address, as sign-ins are.',
  tag: 'Session',
  body: UseLinkBody,
  responses: { 204: Type.Null({ description: 'The password is set.' }) },
  errors: [400, 403, 404, 413, 415, 429, 503],
  signsIn: true,
  handle: async ({ accounts, settings }, request, reply) => {
    if (!settings.GHOSTPOST_PASSWORD_SIGN_IN) throw passwordSignInOff()
    const result = await accounts.setPassword(request.body, callerOf(request))
    if (result.kind === 'no_link') throw linkNotFound()
    if (result.kind === 'busy') throw overloaded()
    return reply.code(204).send()
  },
})

export const setUpInstallation = defineRoute({
  method: 'POST',
  url: '/api/setup',
  access: 'public',
  summary: 'Create the first account',
  description:
    'An API that finds no account prints a link when it starts. The account is admin of every site; the first site ' +
    'is created if there is none. Limited per caller address, as sign-ins are.',
  tag: 'Session',
  body: SetupBody,
  responses: { 201: SetupResult },
  errors: [400, 404, 409, 413, 415, 429, 503],
  signsIn: true,
  handle: async ({ accounts }, request, reply) => {
    const result = await accounts.setUp(request.body, callerOf(request))
    if (result.kind === 'has_accounts') throw new ApiError('setup_done', 'This installation has an account.')
    if (result.kind === 'no_link') throw linkNotFound()
    if (result.kind === 'busy') throw overloaded()
    return reply.code(201).send({ email: request.body.email.toLowerCase(), siteIds: result.siteIds })
  },
})

export const readSignInOptions = defineRoute({
  method: 'GET',
  url: '/api/sign-in',
  access: 'public',
  summary: 'Read how people sign in here',
  tag: 'Session',
  responses: { 200: SignInOptions },
  errors: [503],
  handle: async ({ accounts, settings }) => ({
    password: settings.GHOSTPOST_PASSWORD_SIGN_IN,
    oidc: settings.oidc !== null,
    setup_needed: !(await accounts.exist()),
  }),
})

function linkNotFound(): ApiError {
  return new ApiError('link_not_found', 'This link is unknown, used, replaced or expired.')
}
