import { Type, type Static } from 'typebox'
import { defaultSiteId } from './webhook.ts'

/** `GET /api/audit`. */

/** Every action that the audit log records. */
export const auditActions = [
  'alert_rule.created',
  'alert_rule.updated',
  'alert_rule.deleted',
  'alert_rule.tested',
  'account.created',
  'account.invited',
  'account.link_created',
  'account.role_changed',
  'account.removed',
  'account.disabled',
  'account.enabled',
  'account.linked',
  'api_key.created',
  'api_key.revoked',
  'session.created',
  'session.refused',
  'session.ended',
  'password.changed',
  'password.set',
  'password.refused',
  'destination.created',
  'destination.updated',
  'destination.deleted',
  'destination.tested',
  'destination.secret_rotated',
  'receiver.breaker_closed',
  'delivery.resent',
  'delivery.re_exported',
  'delivery.edited',
  'delivery.cancelled',
  'log.exported',
  'failure_group.changed',
  'operation.started',
  'operation.paused',
  'operation.resumed',
  'operation.cancelled',
  'lane.paused',
  'lane.resumed',
  'visitor.exported',
  'visitor.erased',
  'visitor.suppression_lifted',
] as const

export type AuditAction = (typeof auditActions)[number]

const nullableText = (description: string) => Type.Union([Type.String(), Type.Null()], { description })

export const AuditEntryView = Type.Object({
  id: Type.String(),
  at: Type.String({ description: 'ISO 8601, UTC.' }),
  user_id: nullableText('The user; null if nobody was signed in.'),
  user_email: nullableText('Also null if the account was deleted.'),
  api_key: Type.Union([Type.Object({ id: Type.String(), name: Type.String() }), Type.Null()], {
    description: 'The API key that the user’s program called with; null for the user themself.',
  }),
  siteId: Type.Union([Type.Integer(), Type.Null()], {
    description: 'Null for actions on an account, such as a sign-in.',
  }),
  action: Type.Enum([...auditActions]),
  object_type: Type.String({
    description:
      'session, account, api_key, destination, receiver, delivery, alert_rule, failure_group, operation, lane ' +
      'or visitor.',
  }),
  object_id: nullableText('The object’s id; a digest for a visitor, the host for a receiver.'),
  request_id: Type.String(),
  ip: Type.String({ description: 'The caller’s address.' }),
  details: Type.Record(Type.String(), Type.Unknown(), {
    description: 'Contains no secrets and no visitor data.',
  }),
})

export const AuditList = Type.Object({
  items: Type.Array(AuditEntryView, { description: 'Newest first.' }),
  next_cursor: nullableText('Send it as `cursor` for the next, older page; null at the end.'),
})

const actionPattern = auditActions.map((action) => action.replace('.', '\\.')).join('|')

export const AuditQuery = Type.Object({
  siteId: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,9}$', default: String(defaultSiteId) })),
  action: Type.Optional(
    Type.String({
      pattern: `^(${actionPattern})(,(${actionPattern}))*$`,
      maxLength: 1_000,
      description: 'Only these actions, separated by commas.',
    }),
  ),
  cursor: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,17}$' })),
  limit: Type.Optional(Type.String({ pattern: '^([1-9]\\d?|100)$', default: '50' })),
})

export type AuditEntryView = Static<typeof AuditEntryView>
export type AuditQuery = Static<typeof AuditQuery>
