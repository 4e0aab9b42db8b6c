import type {
  AuditList,
  DeliveryCount,
  DeliveryExplanation,
  DeliveryList,
  DeliveryMade,
  DeliveryView,
  DestinationBody,
  DestinationChanges,
  DestinationList,
  DestinationTest,
  DestinationView,
  DestinationWithSecret,
  ErasedView,
  ExportBody,
  FailureChanges,
  FailureGroup,
  FailureList,
  ItemList,
  OperationList,
  OperationView,
  PendingAnswer,
  PlanBody,
  PlanView,
  ReceiverHealth,
  SessionView,
  SystemView,
} from '@ghostpost/delivery/contract'
import type { Static } from 'typebox'
import { callApi as call, type Query } from './call-api.ts'

export type ListedOperations = Static<typeof OperationList>
export type ListedItems = Static<typeof ItemList>
export type TestedDestination = Static<typeof DestinationTest>
export type CreatedDestination = Static<typeof DestinationWithSecret>

/** Every call the dashboard makes. Types are the contract's; nothing here knows more than its documentation says. */
export const api = {
  readSession: () => call<SessionView>('GET', '/api/session'),
  signIn: (email: string, password: string) =>
    call<SessionView>('POST', '/api/session', { body: { email, password } }),
  signOut: () => call<null>('DELETE', '/api/session'),

  listDeliveries: (query: Query) => call<DeliveryList>('GET', '/api/deliveries', { query }),
  countDeliveries: (query: Query) => call<DeliveryCount>('GET', '/api/deliveries/count', { query }),
  readDelivery: (id: string) => call<DeliveryView>('GET', at`/api/deliveries/${id}`),
  explainDelivery: (id: string) => call<DeliveryExplanation>('GET', at`/api/deliveries/${id}/explain`),
  resendDelivery: (id: string, confirmed: boolean) =>
    call<DeliveryMade>('POST', at`/api/deliveries/${id}/resend`, {
      body: confirmed ? { confirm_duplicate: true } : {},
    }),
  reExportDelivery: (id: string) => call<DeliveryMade>('POST', at`/api/deliveries/${id}/re-export`),
  editDelivery: (id: string, payload: Record<string, unknown>) =>
    call<DeliveryMade>('POST', at`/api/deliveries/${id}/edit`, { body: { payload } }),
  cancelDelivery: (id: string) => call<DeliveryMade>('POST', at`/api/deliveries/${id}/cancel`),

  listFailures: (query: Query) => call<Static<typeof FailureList>>('GET', '/api/failures', { query }),
  readFailure: (fingerprint: string, siteId: number) =>
    call<FailureGroup>('GET', at`/api/failures/${fingerprint}`, { query: { siteId } }),
  changeFailure: (fingerprint: string, siteId: number, body: FailureChanges) =>
    call<FailureGroup>('PATCH', at`/api/failures/${fingerprint}`, { query: { siteId }, body }),

  planOperation: (body: PlanBody) => call<PlanView>('POST', '/api/operations/plan', { body }),
  startOperation: (id: string, reason: string) =>
    call<OperationView>('POST', '/api/operations', { body: { operation_id: id, ...(reason && { reason }) } }),
  listOperations: (query: Query) => call<ListedOperations>('GET', '/api/operations', { query }),
  readOperation: (id: string) => call<OperationView>('GET', at`/api/operations/${id}`),
  listItems: (id: string, query: Query) =>
    call<ListedItems>('GET', at`/api/operations/${id}/items`, { query }),
  changeOperation: (id: string, to: 'pause' | 'resume' | 'cancel') =>
    call<OperationView>('POST', `${at`/api/operations/${id}`}/${to}`, { body: {} }),

  listDestinations: (siteId: number) =>
    call<Static<typeof DestinationList>>('GET', '/api/destinations', { query: { siteId } }),
  readDestination: (id: string) => call<DestinationView>('GET', at`/api/destinations/${id}`),
  readHealth: (id: string) => call<ReceiverHealth>('GET', at`/api/destinations/${id}/health`),
  createDestination: (body: DestinationBody) =>
    call<Static<typeof DestinationWithSecret>>('POST', '/api/destinations', { body }),
  changeDestination: (id: string, body: DestinationChanges) =>
    call<DestinationView>('PATCH', at`/api/destinations/${id}`, { body }),
  deleteDestination: (id: string) => call<null>('DELETE', at`/api/destinations/${id}`),
  testDestination: (id: string) => call<TestedDestination>('POST', at`/api/destinations/${id}/test`),
  rotateSecret: (id: string) =>
    call<Static<typeof DestinationWithSecret>>('POST', at`/api/destinations/${id}/signing-secret`),

  exportVisitor: (body: ExportBody) =>
    call<Pick<PendingAnswer, 'delivery_id'>>('POST', '/api/webhook', {
      body,
      headers: { prefer: 'respond-async' },
    }),
  eraseVisitor: (vid: string, siteId: number) =>
    call<ErasedView>('POST', at`/api/visitors/${vid}/erase`, { query: { siteId } }),
  readSystem: () => call<SystemView>('GET', '/api/system'),
  pauseLane: (lane: string, reason: string) =>
    call<SystemView>('POST', at`/api/system/lanes/${lane}/pause`, { body: { reason } }),
  resumeLane: (lane: string) => call<SystemView>('POST', at`/api/system/lanes/${lane}/resume`),
  readAudit: (query: Query) => call<Static<typeof AuditList>>('GET', '/api/audit', { query }),
}

/** A path whose parts, whatever they contain, stay parts. */
function at(pieces: TemplateStringsArray, ...parts: string[]): string {
  return pieces.reduce((path, piece, index) => path + encodeURIComponent(parts[index - 1] ?? '') + piece)
}
