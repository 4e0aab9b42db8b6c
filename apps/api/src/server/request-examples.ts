import { defaultWebhookType } from '@ghostpost/delivery/destinations'

const id = '0195a3f0-7c1e-7d1a-9c55-0b8f5a3f2e11'
const seenAt = '2026-03-10T17:14:22Z'

const visitor = {
  last_seen: seenAt,
  first_seen: '2026-03-02T09:12:11Z',
  score: 65,
  identified_user_id: 'jane@example.com',
  name: 'Jane',
  company: 'Example',
  traits: { plan: 'pro', seats: 7 },
  sessions: [
    { session_id: 'gs_123', started_at: '2026-03-10T17:09:10Z', ended_at: seenAt, pageview_count: 5 },
  ],
  events: [{ event_id: 'e-1', type: 'pageview', page: '/pricing', occurred_at: seenAt }],
}

/** An example of each request body, by the name of its schema. */
export const requestExamples: Readonly<Record<string, unknown>> = {
  AccountChanges: { role: 'operator', siteId: 4 },
  AlertRuleBody: {
    name: 'Leads fail',
    kind: 'failure_rate',
    threshold: 10,
    notify: { email: ['ops@example.com'] },
  },
  AlertRuleChanges: { threshold: 20 },
  ApiKeyBody: { name: 'nightly feed', role: 'operator', expires_in_days: 90, siteId: 4 },
  DestinationBody: {
    name: 'CRM',
    webhook_type: defaultWebhookType,
    webhook_url: 'https://hooks.example.com/leads',
  },
  DestinationChanges: { state: 'paused', state_reason: 'The receiver moves house.' },
  EditBody: { payload: { event: 'visitor_export', ghost_vid: 'gv_a1b2c3d4' } },
  ExportBody: { ghost_vid: 'gv_a1b2c3d4_e5f6g7h8', destination_id: id },
  FailureChanges: { state: 'acknowledged', note: 'Their CRM is down until noon.' },
  InviteBody: { email: 'grace@example.com', role: 'operator', siteId: 4 },
  LanePauseBody: { reason: 'Maintenance of the receiver' },
  LinkBody: { token: 'the part of the link after #' },
  OperationBody: { operation_id: id, reason: 'Once more after the repair' },
  PasswordChangeBody: { current_password: 'the current password', new_password: 'a new and longer password' },
  PauseBody: { reason: 'Too many at once' },
  PlanBody: { kind: 'resend', filter: { status: 'failed' }, rate: 50 },
  PreviewBody: { ghost_vid: 'gv_a1b2c3d4_e5f6g7h8' },
  ResendBody: { confirm_duplicate: true },
  SetupBody: {
    token: 'the part of the link after #',
    email: 'ada@example.com',
    name: 'Ada',
    password: 'a new and longer password',
    site_name: 'Example',
  },
  SignInBody: { email: 'ada@example.com', password: 'the password' },
  SigningBody: { signing: 'hmac' },
  UseLinkBody: { token: 'the part of the link after #', password: 'a new and longer password' },
  VisitorBody: visitor,
}
