import {
  alertDestinationTypes,
  readAlertLimits,
  type AlertKind,
  type AlertLimits,
  type AlertLimitsInput,
} from '@ghostpost/delivery/alerts'
import type { WebhookType } from '@ghostpost/delivery/destinations'
import type { AlertRuleBody, AlertRuleChanges } from '@ghostpost/delivery/contract/alerts'
import {
  findAlertRule,
  type AlertRuleInput,
  type FoundAlertRule,
} from '@ghostpost/infrastructure/database/alerts'
import { findDestination, type FoundDestination } from '@ghostpost/infrastructure/database/destinations'
import { isUuid } from '@ghostpost/infrastructure/database/log'
import type { FastifyRequest } from 'fastify'
import { ApiError } from '../../server/api-error.ts'
import { invalid } from '../destinations/destination-request.ts'
import { alertRuleNotFound, type RequestWithId } from '../../server/site-of-request.ts'
import { sessionOf } from '../../server/caller.ts'
import type { RouteContext } from '../../server/route.ts'

type Filter = NonNullable<AlertRuleBody['filter']>
type Notify = AlertRuleBody['notify']

/** Whether this installation can send e-mail. */
export function canSendEmail({ settings }: RouteContext): boolean {
  return settings.mail !== null
}

/** The rule in the path. The caller's role was checked before. */
export async function alertRuleInPath(
  context: RouteContext,
  request: RequestWithId,
): Promise<FoundAlertRule> {
  const { id } = request.params
  const { userId } = sessionOf(request)
  const found = isUuid(id) ? await findAlertRule(context.database, userId, id, canSendEmail(context)) : null
  if (!found) throw alertRuleNotFound()
  return found
}

/** The limits in a request, with the kind's defaults. A refusal names the field of the request. */
export function limitsOf(kind: AlertKind, input: AlertLimitsInput): AlertLimits {
  const read = readAlertLimits(kind, input)
  if (read.ok) return read.limits
  const field = { threshold: 'threshold', windowSeconds: 'window_seconds', minimumCount: 'minimum_count' }
  throw invalid(field[read.limit], read.expected)
}

/** The limits in a request, under the names that the rules use. */
export function limitsInputOf({
  threshold,
  window_seconds,
  minimum_count,
}: AlertRuleChanges): AlertLimitsInput {
  return { threshold, windowSeconds: window_seconds, minimumCount: minimum_count }
}

/** What a rule watches: a type, and a destination of the same site. */
export async function readAlertFilter(
  context: RouteContext,
  request: FastifyRequest,
  siteId: number,
  filter: Filter,
): Promise<Pick<AlertRuleInput, 'webhookType' | 'watchedDestinationId'>> {
  const { webhook_type, destination_id } = filter
  if (destination_id !== undefined)
    await requireDestinationOfSite(context, request, siteId, 'filter.destination_id', destination_id)
  return { webhookType: webhook_type ?? null, watchedDestinationId: destination_id ?? null }
}

/** Whom a rule notifies: a destination of the same site whose type shows alerts, e-mail addresses, or both. */
export async function readAlertRecipients(
  context: RouteContext,
  request: FastifyRequest,
  siteId: number,
  { destination_id, email = [] }: Notify,
): Promise<Pick<AlertRuleInput, 'destinationId' | 'emailTo'>> {
  if (destination_id === undefined && email.length === 0)
    throw invalid('notify', 'destination_id, email, or both')
  if (email.length > 0 && !canSendEmail(context))
    throw new ApiError('email_not_configured', 'This installation has no mail server.')
  if (destination_id !== undefined) {
    const { row } = await requireDestinationOfSite(
      context,
      request,
      siteId,
      'notify.destination_id',
      destination_id,
    )
    if (!alertDestinationTypes.includes(row.webhookType as WebhookType))
      throw invalid('notify.destination_id', `a destination of type ${alertDestinationTypes.join(', ')}`)
  }
  return { destinationId: destination_id ?? null, emailTo: [...new Set(email)] }
}

async function requireDestinationOfSite(
  { database, sealer }: RouteContext,
  request: FastifyRequest,
  siteId: number,
  field: string,
  id: string,
): Promise<FoundDestination> {
  const { userId } = sessionOf(request)
  const found = isUuid(id) ? await findDestination(database, sealer, userId, id) : null
  if (found?.row.siteId !== siteId) throw invalid(field, 'the id of a saved destination of this site')
  return found
}

export function alertNameTaken(): ApiError {
  return new ApiError('alert_rule_exists', 'This site has an alert rule of that name.')
}
