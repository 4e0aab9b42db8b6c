import { createClient, orThrow, type paths } from '@ghostpost/client'
import type { AccountChanges, InviteBody, SetupBody } from '@ghostpost/delivery/contract/accounts'
import type { ApiKeyBody } from '@ghostpost/delivery/contract/api-keys'
import type { AlertRuleBody, AlertRuleChanges, AlertTest } from '@ghostpost/delivery/contract/alerts'
import type { DeliveryFilter } from '@ghostpost/delivery/contract/delivery-log'
import type {
  DestinationBody,
  DestinationChanges,
  DestinationTest,
  DestinationWithSecret,
} from '@ghostpost/delivery/contract/destination'
import type { PreviewBody } from '@ghostpost/delivery/contract/mapping'
import type { FailureChanges } from '@ghostpost/delivery/contract/failures'
import type { PlanBody } from '@ghostpost/delivery/contract/operations'
import type { PasswordChangeBody } from '@ghostpost/delivery/contract/session'
import type { StatsRange } from '@ghostpost/delivery/contract/stats'
import type { ExportBody } from '@ghostpost/delivery/contract/webhook'
import type { Static } from 'typebox'

export type TestedDestination = Static<typeof DestinationTest>
export type TestedAlert = AlertTest
export type CreatedDestination = Static<typeof DestinationWithSecret>
type ItemsQuery = NonNullable<paths['/api/operations/{id}/items']['get']['parameters']['query']>
type VisitorsQuery = NonNullable<paths['/api/visitors']['get']['parameters']['query']>
type FailuresQuery = NonNullable<paths['/api/failures']['get']['parameters']['query']>
type Lane = paths['/api/system/lanes/{lane}/pause']['post']['parameters']['path']['lane']
type Optional<T> = { [Key in keyof T]?: T[Key] | undefined }

const { GET, POST, PUT, PATCH, DELETE } = createClient()

const inPath = (id: string) => ({ params: { path: { id } } })
const site = (siteId: number) => ({ siteId: String(siteId) })
const inSite = (id: string, siteId: number) => ({ params: { path: { id }, query: site(siteId) } })

/** Every API call of the dashboard. Each throws an ApiProblem when the API refuses it. */
export const api = {
  readSession: () => orThrow(GET('/api/session')),
  signIn: (email: string, password: string) => orThrow(POST('/api/session', { body: { email, password } })),
  signOut: () => orThrow(DELETE('/api/session')),
  listSessions: () => orThrow(GET('/api/sessions')),
  endSession: (id: string) => orThrow(DELETE('/api/sessions/{id}', inPath(id))),
  endOtherSessions: () => orThrow(DELETE('/api/sessions')),
  changePassword: (body: PasswordChangeBody) => orThrow(PUT('/api/account/password', { body })),

  readSignInOptions: () => orThrow(GET('/api/sign-in')),
  readLink: (token: string) => orThrow(POST('/api/account-links/read', { body: { token } })),
  acceptLink: (token: string, password: string) =>
    orThrow(POST('/api/account-links/use', { body: { token, password } })),
  setUp: (body: SetupBody) => orThrow(POST('/api/setup', { body })),

  listAccounts: (siteId: number) => orThrow(GET('/api/accounts', { params: { query: site(siteId) } })),
  inviteAccount: (body: InviteBody) => orThrow(POST('/api/accounts', { body })),
  changeAccount: (id: string, body: AccountChanges) =>
    orThrow(PATCH('/api/accounts/{id}', { ...inPath(id), body })),
  removeAccount: (id: string, siteId: number) => orThrow(DELETE('/api/accounts/{id}', inSite(id, siteId))),
  disableAccount: (id: string, siteId: number) =>
    orThrow(POST('/api/accounts/{id}/disable', inSite(id, siteId))),
  enableAccount: (id: string, siteId: number) =>
    orThrow(POST('/api/accounts/{id}/enable', inSite(id, siteId))),
  createAccountLink: (id: string, siteId: number) =>
    orThrow(POST('/api/accounts/{id}/link', inSite(id, siteId))),

  listApiKeys: (siteId: number) => orThrow(GET('/api/api-keys', { params: { query: site(siteId) } })),
  createApiKey: (body: ApiKeyBody) => orThrow(POST('/api/api-keys', { body })),
  revokeApiKey: (id: string) => orThrow(DELETE('/api/api-keys/{id}', inPath(id))),

  listDeliveries: (
    siteId: number,
    query: Optional<DeliveryFilter & { cursor: string; limit: string; sort: 'next_attempt' }>,
  ) =>
    orThrow(GET('/api/deliveries', { params: { query: { ...withoutUndefined(query), ...site(siteId) } } })),
  countDeliveries: (siteId: number, filter: DeliveryFilter) =>
    orThrow(GET('/api/deliveries/count', { params: { query: { ...filter, ...site(siteId) } } })),
  readDelivery: (id: string) => orThrow(GET('/api/deliveries/{id}', inPath(id))),
  explainDelivery: (id: string) => orThrow(GET('/api/deliveries/{id}/explain', inPath(id))),
  resendDelivery: (id: string, confirmed: boolean) =>
    orThrow(
      POST('/api/deliveries/{id}/resend', {
        ...inPath(id),
        body: confirmed ? { confirm_duplicate: true } : {},
      }),
    ),
  reExportDelivery: (id: string) => orThrow(POST('/api/deliveries/{id}/re-export', inPath(id))),
  editDelivery: (id: string, payload: Record<string, unknown>) =>
    orThrow(POST('/api/deliveries/{id}/edit', { ...inPath(id), body: { payload } })),
  cancelDelivery: (id: string) => orThrow(POST('/api/deliveries/{id}/cancel', inPath(id))),

  listFailures: (siteId: number, state?: FailuresQuery['state']) =>
    orThrow(GET('/api/failures', { params: { query: { ...withoutUndefined({ state }), ...site(siteId) } } })),
  readFailure: (fingerprint: string, siteId: number) =>
    orThrow(GET('/api/failures/{fingerprint}', { params: { path: { fingerprint }, query: site(siteId) } })),
  changeFailure: (fingerprint: string, siteId: number, body: FailureChanges) =>
    orThrow(
      PATCH('/api/failures/{fingerprint}', { params: { path: { fingerprint }, query: site(siteId) }, body }),
    ),

  planOperation: (body: PlanBody) => orThrow(POST('/api/operations/plan', { body })),
  startOperation: (id: string, reason: string) =>
    orThrow(POST('/api/operations', { body: { operation_id: id, ...(reason !== '' && { reason }) } })),
  listOperations: (siteId: number, cursor?: string) =>
    orThrow(
      GET('/api/operations', { params: { query: { ...withoutUndefined({ cursor }), ...site(siteId) } } }),
    ),
  readOperation: (id: string) => orThrow(GET('/api/operations/{id}', inPath(id))),
  listItems: (id: string, query: Optional<ItemsQuery>) =>
    orThrow(GET('/api/operations/{id}/items', { params: { path: { id }, query: withoutUndefined(query) } })),
  pauseOperation: (id: string) => orThrow(POST('/api/operations/{id}/pause', { ...inPath(id), body: {} })),
  resumeOperation: (id: string) => orThrow(POST('/api/operations/{id}/resume', inPath(id))),
  cancelOperation: (id: string) => orThrow(POST('/api/operations/{id}/cancel', inPath(id))),

  readStats: (siteId: number, range: StatsRange, destinationId?: string) =>
    orThrow(
      GET('/api/stats', {
        params: { query: { ...withoutUndefined({ destination_id: destinationId }), ...site(siteId), range } },
      }),
    ),
  listDestinationStats: (siteId: number) =>
    orThrow(GET('/api/stats/destinations', { params: { query: site(siteId) } })),

  listDestinations: (siteId: number) =>
    orThrow(GET('/api/destinations', { params: { query: site(siteId) } })),
  readDestination: (id: string) => orThrow(GET('/api/destinations/{id}', inPath(id))),
  createDestination: (body: DestinationBody) => orThrow(POST('/api/destinations', { body })),
  changeDestination: (id: string, body: DestinationChanges) =>
    orThrow(PATCH('/api/destinations/{id}', { ...inPath(id), body })),
  deleteDestination: (id: string) => orThrow(DELETE('/api/destinations/{id}', inPath(id))),
  closeDestinationBreaker: (id: string) => orThrow(POST('/api/destinations/{id}/close-breaker', inPath(id))),
  closeDeliveryBreaker: (id: string) => orThrow(POST('/api/deliveries/{id}/close-breaker', inPath(id))),
  testDestination: (id: string) => orThrow(POST('/api/destinations/{id}/test', inPath(id))),
  previewDestination: (id: string, body: PreviewBody) =>
    orThrow(POST('/api/destinations/{id}/preview', { ...inPath(id), body })),
  rotateSecret: (id: string, signing: 'hmac' | 'ed25519' | null) =>
    orThrow(
      POST('/api/destinations/{id}/signing-secret', {
        ...inPath(id),
        body: signing === null ? null : { signing },
      }),
    ),
  createHubspotProperties: (id: string) =>
    orThrow(POST('/api/destinations/{id}/hubspot-properties', inPath(id))),

  listAlertRules: (siteId: number) => orThrow(GET('/api/alert-rules', { params: { query: site(siteId) } })),
  createAlertRule: (body: AlertRuleBody) => orThrow(POST('/api/alert-rules', { body })),
  changeAlertRule: (id: string, body: AlertRuleChanges) =>
    orThrow(PATCH('/api/alert-rules/{id}', { ...inPath(id), body })),
  deleteAlertRule: (id: string) => orThrow(DELETE('/api/alert-rules/{id}', inPath(id))),
  testAlertRule: (id: string) => orThrow(POST('/api/alert-rules/{id}/test', inPath(id))),

  exportVisitor: (body: ExportBody) =>
    orThrow(POST('/api/webhook', { params: { header: { prefer: 'respond-async' } }, body })),
  listVisitors: (siteId: number, query: Optional<VisitorsQuery>) =>
    orThrow(GET('/api/visitors', { params: { query: { ...withoutUndefined(query), ...site(siteId) } } })),
  readVisitor: (vid: string, siteId: number) =>
    orThrow(GET('/api/visitors/{ghost_vid}', { params: { path: { ghost_vid: vid }, query: site(siteId) } })),
  eraseVisitor: (vid: string, siteId: number) =>
    orThrow(
      POST('/api/visitors/{ghost_vid}/erase', { params: { path: { ghost_vid: vid }, query: site(siteId) } }),
    ),
  readAudit: (siteId: number, query: Optional<{ cursor: string; action: string }>) =>
    orThrow(GET('/api/audit', { params: { query: { ...withoutUndefined(query), ...site(siteId) } } })),

  readSystem: () => orThrow(GET('/api/system')),
  pauseLane: (lane: Lane, reason: string) =>
    orThrow(POST('/api/system/lanes/{lane}/pause', { params: { path: { lane } }, body: { reason } })),
  resumeLane: (lane: Lane) =>
    orThrow(POST('/api/system/lanes/{lane}/resume', { params: { path: { lane } } })),
}

/** Drops undefined parameters: the API accepts an absent parameter, but no `undefined`. */
function withoutUndefined<T extends object>(parts: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  const defined = Object.entries(parts).filter(([, value]) => value !== undefined)
  return Object.fromEntries(defined) as { [Key in keyof T]?: Exclude<T[Key], undefined> }
}
