import type { AuditEntryView } from '@ghostpost/delivery/contract/audit'

type Action = AuditEntryView['action']

/** What people look for in the log. Exports are so many that they bury everything else. */
export const activityGroups = {
  changes: {
    label: 'Changes',
    actions: [
      'destination.created',
      'destination.updated',
      'destination.deleted',
      'destination.secret_rotated',
      'alert_rule.created',
      'alert_rule.updated',
      'alert_rule.deleted',
      'failure_group.changed',
      'lane.paused',
      'lane.resumed',
      'receiver.breaker_closed',
    ],
  },
  sending: {
    label: 'Sent again or stopped',
    actions: [
      'delivery.resent',
      'delivery.re_exported',
      'delivery.edited',
      'delivery.cancelled',
      'operation.started',
      'operation.paused',
      'operation.resumed',
      'operation.cancelled',
      'destination.tested',
      'alert_rule.tested',
    ],
  },
  access: {
    label: 'Access',
    actions: [
      'session.created',
      'session.refused',
      'session.ended',
      'password.changed',
      'password.refused',
      'api_key.created',
      'api_key.revoked',
    ],
  },
  data: {
    label: 'Personal data',
    actions: ['visitor.erased', 'visitor.suppression_lifted', 'log.exported'],
  },
  exports: { label: 'Exports', actions: ['visitor.exported'] },
} as const satisfies Record<string, { label: string; actions: readonly Action[] }>

export type ActivityGroup = keyof typeof activityGroups

export function parseActivityGroup(text: unknown): ActivityGroup | undefined {
  return (Object.keys(activityGroups) as ActivityGroup[]).find((group) => group === text)
}

/** The actions of a group for the API; undefined for all. */
export function actionsOf(group: ActivityGroup | undefined): string | undefined {
  return group && activityGroups[group].actions.join(',')
}
