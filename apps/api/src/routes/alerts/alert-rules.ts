import { randomUUIDv7 } from 'node:crypto'
import type { AlertKind } from '@ghostpost/delivery/alerts'
import {
  AlertRuleBody,
  AlertRuleChanges,
  AlertRuleList,
  AlertRuleParams,
  AlertRuleQuery,
  alertRulesMax,
  AlertRuleView,
} from '@ghostpost/delivery/contract/alerts'
import { defaultSiteId } from '@ghostpost/delivery/contract/webhook'
import {
  countAlertRules,
  createAlertRule as saveRule,
  deleteAlertRule as removeRule,
  listAlertRules as listOf,
  updateAlertRule as changeRule,
  type AlertRuleInput,
  type FoundAlertRule,
} from '@ghostpost/infrastructure/database/alerts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import {
  alertNameTaken,
  alertRuleInPath,
  canSendEmail,
  readAlertFilter,
  limitsInputOf,
  limitsOf,
  readAlertRecipients,
} from './alert-rule-request.ts'
import { ApiError } from '../../server/api-error.ts'
import {
  siteIdInQuery,
  siteInBody,
  siteInQuery,
  siteOfAlertRuleInPath,
} from '../../server/site-of-request.ts'
import { actorOf } from '../../server/caller.ts'
import { defineRoute, type RouteContext } from '../../server/route.ts'

const cooldownSecondsDefault = 1_800

export const listAlertRules = defineRoute({
  method: 'GET',
  url: '/api/alert-rules',
  access: { role: 'viewer', site: siteInQuery },
  summary: 'The alert rules of a site with their states',
  tag: 'Alerts',
  query: AlertRuleQuery,
  responses: { 200: AlertRuleList },
  errors: [400, 401, 404, 503],
  handle: async (context, request) => {
    const siteId = siteIdInQuery(request)
    return { items: await listOf(context.database, siteId, canSendEmail(context)) }
  },
})

export const createAlertRule = defineRoute({
  method: 'POST',
  url: '/api/alert-rules',
  access: { role: 'operator', site: siteInBody },
  summary: 'Create an alert rule',
  description:
    'A worker evaluates the rule about every 15 s. It notifies once when the rule fires, and once ' +
    'when the rule is resolved.',
  tag: 'Alerts',
  body: AlertRuleBody,
  responses: { 201: AlertRuleView },
  errors: [400, 401, 403, 404, 409, 413, 415, 501, 503],
  handle: create,
})

async function create(
  context: RouteContext,
  request: FastifyRequest<{ Body: AlertRuleBody }>,
  reply: FastifyReply,
): Promise<unknown> {
  const { body } = request
  const { database } = context
  const siteId = body.siteId ?? defaultSiteId
  const rule = {
    id: randomUUIDv7(),
    siteId,
    name: body.name,
    kind: body.kind,
    ...limitsOf(body.kind, limitsInputOf(body)),
    ...(await readAlertFilter(context, request, siteId, body.filter ?? {})),
    ...(await readAlertRecipients(context, request, siteId, body.notify)),
    cooldownSeconds: body.cooldown_seconds ?? cooldownSecondsDefault,
    enabled: body.enabled ?? true,
    createdBy: actorOf(request).userId,
  }
  if ((await countAlertRules(database, siteId)) >= alertRulesMax)
    throw new ApiError('alert_rule_limit', `A site can have ${alertRulesMax} alert rules.`)
  const view = await saveRule(database, rule, actorOf(request), canSendEmail(context))
  if (!view) throw alertNameTaken()
  return reply.code(201).header('location', `/api/alert-rules/${view.id}`).send(view)
}

export const readAlertRule = defineRoute({
  method: 'GET',
  url: '/api/alert-rules/:id',
  access: { role: 'viewer', site: siteOfAlertRuleInPath },
  summary: 'One alert rule: its state, its last value, when it last fired',
  tag: 'Alerts',
  params: AlertRuleParams,
  responses: { 200: AlertRuleView },
  errors: [400, 401, 404, 503],
  handle: async (context, request) => (await alertRuleInPath(context, request)).view,
})

export const updateAlertRule = defineRoute({
  method: 'PATCH',
  url: '/api/alert-rules/:id',
  access: { role: 'operator', site: siteOfAlertRuleInPath },
  summary: 'Change an alert rule, or disable and enable it',
  description:
    'The kind of a rule cannot change. A worker evaluates the changed rule at once. `filter` and ' +
    '`notify` are replaced as a whole.',
  tag: 'Alerts',
  params: AlertRuleParams,
  body: AlertRuleChanges,
  responses: { 200: AlertRuleView },
  errors: [400, 401, 403, 404, 409, 413, 415, 501, 503],
  handle: async (context, request) => {
    const found = await alertRuleInPath(context, request)
    const changes = await readChanges(context, request, found)
    const view = await changeRule(context.database, found, changes, actorOf(request), canSendEmail(context))
    if (!view) throw alertNameTaken()
    return view
  },
})

async function readChanges(
  context: RouteContext,
  request: FastifyRequest<{ Body: AlertRuleChanges }>,
  { row }: FoundAlertRule,
): Promise<Partial<AlertRuleInput>> {
  const { body } = request
  const { siteId } = row
  const input = Object.entries(limitsInputOf(body)).filter(([, value]) => value !== undefined)
  // This checks the given limits. It adds the defaults of the others, which the change does not store.
  limitsOf(row.kind as AlertKind, Object.fromEntries(input))
  return {
    ...Object.fromEntries(input),
    ...(body.name !== undefined && { name: body.name }),
    ...(body.filter && (await readAlertFilter(context, request, siteId, body.filter))),
    ...(body.notify && (await readAlertRecipients(context, request, siteId, body.notify))),
    ...(body.cooldown_seconds !== undefined && { cooldownSeconds: body.cooldown_seconds }),
    ...(body.enabled !== undefined && { enabled: body.enabled }),
  }
}

export const deleteAlertRule = defineRoute({
  method: 'DELETE',
  url: '/api/alert-rules/:id',
  access: { role: 'operator', site: siteOfAlertRuleInPath },
  summary: 'Delete an alert rule',
  description: 'The delivery log keeps its alerts.',
  tag: 'Alerts',
  params: AlertRuleParams,
  responses: { 204: Type.Null({ description: 'Deleted.' }) },
  errors: [400, 401, 403, 404, 503],
  handle: async (context, request, reply) => {
    await removeRule(context.database, await alertRuleInPath(context, request), actorOf(request))
    return reply.code(204).send()
  },
})
