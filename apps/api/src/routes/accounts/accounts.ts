import {
  AccountChanges,
  AccountList,
  AccountParams,
  AccountQuery,
  accountsMax,
  AccountView,
  AccountWithLink,
  InviteBody,
  inviteDays,
  linksPerHourMax,
  resetHours,
} from '@ghostpost/delivery/contract/accounts'
import { defaultSiteId } from '@ghostpost/delivery/contract/webhook'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { ApiError } from '../../server/api-error.ts'
import { actorOf } from '../../server/caller.ts'
import { defineRoute, type RouteContext } from '../../server/route.ts'
import { siteIdInQuery, siteInBody, siteInQuery } from '../../server/site-of-request.ts'
import {
  accountDisabled,
  accountInPath,
  accountRefused,
  respondWithLink,
  tooManyLinks,
} from './account-request.ts'

const tag = 'Accounts'

export const listAccounts = defineRoute({
  method: 'GET',
  url: '/api/accounts',
  access: { role: 'admin', site: siteInQuery },
  refusesKeys: true,
  summary: 'List the accounts with a role in a site',
  tag,
  query: AccountQuery,
  responses: { 200: AccountList },
  errors: [400, 401, 403, 404],
  handle: async ({ accounts }, request) => ({
    items: await accounts.list(siteIdInQuery(request), actorOf(request)),
  }),
})

export const inviteAccount = defineRoute({
  method: 'POST',
  url: '/api/accounts',
  access: { role: 'admin', site: siteInBody },
  refusesKeys: true,
  summary: 'Invite a person to a site',
  description:
    `Creates an account, and a link that works once within ${inviteDays} days, by which its owner chooses a ` +
    'password. It is sent by e-mail where a mail server is configured. An account that you manage gets the role ' +
    `without a link. At most ${linksPerHourMax} links an hour, and ${accountsMax} accounts in a site.`,
  tag,
  body: InviteBody,
  responses: { 201: AccountWithLink },
  errors: [400, 401, 403, 404, 409, 429],
  handle: invite,
})

export const changeAccount = defineRoute({
  method: 'PATCH',
  url: '/api/accounts/:id',
  access: { role: 'admin', site: siteInBody },
  refusesKeys: true,
  summary: 'Change the role of an account in a site',
  description: 'Takes effect everywhere within 5 seconds. The last admin who can sign in stays one.',
  tag,
  params: AccountParams,
  body: AccountChanges,
  responses: { 200: AccountView },
  errors: [400, 401, 403, 404, 409],
  handle: async ({ accounts }, request) => {
    const { role, siteId = defaultSiteId } = request.body
    const account = accountInPath(request.params, siteId)
    const result = await accounts.changeRole(account, role, actorOf(request))
    if (result.kind !== 'changed') throw accountRefused(result)
    return result.account
  },
})

export const removeAccount = defineRoute({
  method: 'DELETE',
  url: '/api/accounts/:id',
  access: { role: 'admin', site: siteInQuery },
  refusesKeys: true,
  summary: 'Take the role of an account in a site away',
  description: 'Revokes its API keys of the site. The account and its roles in other sites stay.',
  tag,
  params: AccountParams,
  query: AccountQuery,
  responses: { 204: Type.Null({ description: 'Removed.' }) },
  errors: [400, 401, 403, 404, 409],
  handle: async ({ accounts }, request, reply) => {
    const account = accountInPath(request.params, siteIdInQuery(request))
    const result = await accounts.remove(account, actorOf(request))
    if (result.kind !== 'removed') throw accountRefused(result)
    return reply.code(204).send()
  },
})

export const disableAccount = defineRoute({
  method: 'POST',
  url: '/api/accounts/:id/disable',
  access: { role: 'admin', site: siteInQuery },
  refusesKeys: true,
  summary: 'Disable an account',
  description:
    'It cannot sign in, its sessions end within 5 seconds, its links end, and its API keys do not work. Needs the ' +
    'role admin in each of its sites.',
  tag,
  params: AccountParams,
  query: AccountQuery,
  responses: { 200: AccountView },
  errors: [400, 401, 403, 404, 409],
  idempotent: true,
  handle: async ({ accounts }, request) => {
    const account = accountInPath(request.params, siteIdInQuery(request))
    const result = await accounts.disable(account, actorOf(request))
    if (result.kind !== 'changed') throw accountRefused(result)
    return result.account
  },
})

export const enableAccount = defineRoute({
  method: 'POST',
  url: '/api/accounts/:id/enable',
  access: { role: 'admin', site: siteInQuery },
  refusesKeys: true,
  summary: 'Enable a disabled account',
  description: 'Its password and its API keys work again. Needs the role admin in each of its sites.',
  tag,
  params: AccountParams,
  query: AccountQuery,
  responses: { 200: AccountView },
  errors: [400, 401, 403, 404],
  idempotent: true,
  handle: async ({ accounts }, request) => {
    const account = accountInPath(request.params, siteIdInQuery(request))
    const result = await accounts.enable(account, actorOf(request))
    if (result.kind !== 'changed') throw accountRefused(result)
    return result.account
  },
})

export const createAccountLink = defineRoute({
  method: 'POST',
  url: '/api/accounts/:id/link',
  access: { role: 'admin', site: siteInQuery },
  refusesKeys: true,
  summary: 'Make a link by which the owner of an account sets a new password',
  description:
    `It works once within ${resetHours} hours (an invitation: ${inviteDays} days) and replaces earlier links; the ` +
    'present password works until then. Needs the role admin in each of its sites.',
  tag,
  params: AccountParams,
  query: AccountQuery,
  responses: { 201: AccountWithLink },
  errors: [400, 401, 403, 404, 409, 429],
  handle: async (context, request, reply) => {
    if (!context.settings.GHOSTPOST_PASSWORD_SIGN_IN) throw passwordSignInOff()
    const siteId = siteIdInQuery(request)
    const account = accountInPath(request.params, siteId)
    const result = await context.accounts.createLink(account, actorOf(request))
    if (result.kind !== 'created') throw accountRefused(result)
    return reply.code(201).send(await respondWithLink(context, request, { ...result, siteId }))
  },
})

export function passwordSignInOff(): ApiError {
  return new ApiError('password_sign_in_off', 'Accounts of this installation do not sign in with a password.')
}

async function invite(
  context: RouteContext,
  request: FastifyRequest<{ Body: InviteBody }>,
  reply: FastifyReply,
): Promise<unknown> {
  const { role, siteId = defaultSiteId } = request.body
  const email = request.body.email.toLowerCase()
  const { name = email } = request.body
  const withLink = context.settings.GHOSTPOST_PASSWORD_SIGN_IN
  const result = await context.accounts.invite({ email, name, role, siteId, withLink }, actorOf(request))
  switch (result.kind) {
    case 'invited':
      return reply.code(201).send(await respondWithLink(context, request, { ...result, siteId }))
    case 'exists':
      throw new ApiError('account_exists', 'The account has a role in this site already.')
    case 'elsewhere':
      throw new ApiError(
        'account_elsewhere',
        'This address has an account in sites of which you are no admin.',
      )
    case 'disabled':
      throw accountDisabled()
    case 'too_many_accounts':
      throw new ApiError('account_limit', `A site has at most ${accountsMax} accounts.`)
    case 'too_many_links':
      throw tooManyLinks()
  }
}
