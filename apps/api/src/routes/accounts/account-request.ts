import { linkEmail } from '@ghostpost/delivery/accounts'
import type { AccountView, AccountWithLink } from '@ghostpost/delivery/contract/accounts'
import type { AccountRefusal, CreatedLink } from '@ghostpost/infrastructure/accounts'
import { isUuid } from '@ghostpost/infrastructure/database/log'
import type { FastifyRequest } from 'fastify'
import { randomUUID } from 'node:crypto'
import { ApiError } from '../../server/api-error.ts'
import { sessionOf } from '../../server/caller.ts'
import type { RouteContext } from '../../server/route.ts'

/** The account that a path names, in the site of the request. */
export function accountInPath({ id }: { id: string }, siteId: number): { id: string; siteId: number } {
  if (!isUuid(id)) throw accountNotFound()
  return { id, siteId }
}

function accountNotFound(): ApiError {
  return new ApiError('account_not_found', 'There is no such account in this site.')
}

const refusals: Readonly<Record<Exclude<AccountRefusal['kind'], 'too_many_links'>, () => ApiError>> = {
  not_found: accountNotFound,
  not_manageable: () =>
    new ApiError(
      'forbidden',
      'This needs the role admin in every site of the account. You can change its role in your site.',
    ),
  own_account: () => new ApiError('own_account', 'You cannot do this to your own account.'),
  last_admin: () =>
    new ApiError(
      'last_admin',
      'This account is the last one that can sign in as admin of this or of every site.',
    ),
  disabled: () => accountDisabled(),
}

/** The error of an account that was not changed. */
export function accountRefused({ kind }: AccountRefusal): ApiError {
  return kind === 'too_many_links' ? tooManyLinks() : refusals[kind]()
}

export function accountDisabled(): ApiError {
  return new ApiError('account_disabled', 'The account is disabled.')
}

export function tooManyLinks(): ApiError {
  const seconds = 3_600
  return new ApiError('rate_limited', 'You made many links in the last hour. Wait.', [], seconds)
}

/** Sends the link to the account's owner if there is a mail server, and shows it once to the caller. */
export async function respondWithLink(
  context: RouteContext,
  request: FastifyRequest,
  { account, link, siteId }: { account: AccountView; link: CreatedLink | null; siteId: number },
): Promise<AccountWithLink> {
  if (!link) return { account, link: null, link_expires_at: null, emailed: false }
  // The part after # is in no request, log or Referer.
  const url = `${context.settings.dashboardUrl}/join#${link.token}`
  const emailed = await sendLink(context, request, { account, link, siteId, url })
  return { account, link: url, link_expires_at: link.expiresAt.toISOString(), emailed }
}

async function sendLink(
  { mailer, sessions, log }: RouteContext,
  request: FastifyRequest,
  { account, link, siteId, url }: { account: AccountView; link: CreatedLink; siteId: number; url: string },
): Promise<boolean> {
  if (!mailer) return false
  const view = await sessions.read(sessionOf(request))
  const email = linkEmail({
    purpose: account.state === 'invited' ? 'invite' : 'reset',
    link: url,
    expiresAt: link.expiresAt,
    madeBy: view?.user.email ?? 'An admin',
    siteName: view?.sites.find(({ id }) => id === siteId)?.name ?? '',
  })
  const outcome = await mailer.send({ id: randomUUID(), to: [account.email], ...email })
  if (outcome.kind === 'not_sent')
    log.warn(
      { event: 'link_not_emailed', account_id: account.id, error: outcome.error },
      'no e-mail was sent',
    )
  return outcome.kind === 'sent' && outcome.refused === 0
}
