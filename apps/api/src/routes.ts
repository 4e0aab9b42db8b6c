import {
  createAlertRule,
  deleteAlertRule,
  listAlertRules,
  readAlertRule,
  updateAlertRule,
} from './routes/alerts/alert-rules.ts'
import {
  changeAccount,
  createAccountLink,
  disableAccount,
  enableAccount,
  inviteAccount,
  listAccounts,
  removeAccount,
} from './routes/accounts/accounts.ts'
import {
  readAccountLink,
  readSignInOptions,
  setUpInstallation,
  useAccountLink,
} from './routes/accounts/account-links.ts'
import { createApiKey, listApiKeys, revokeApiKey } from './routes/api-keys/api-keys.ts'
import { changePassword } from './routes/sessions/change-password.ts'
import { createDestination } from './routes/destinations/create-destination.ts'
import { createHubspotProperties } from './routes/destinations/create-hubspot-properties.ts'
import { createSession } from './routes/sessions/create-session.ts'
import { deleteDestination } from './routes/destinations/delete-destination.ts'
import { deleteSession } from './routes/sessions/delete-session.ts'
import { describeWebhook } from './routes/webhook/describe-webhook.ts'
import { eraseVisitor } from './routes/visitors/erase-visitor.ts'
import { liftSuppression } from './routes/visitors/lift-suppression.ts'
import { listVisitors, readVisitor } from './routes/visitors/read-visitors.ts'
import { putVisitor, storeVisitorBatch } from './routes/visitors/write-visitors.ts'
import { exportVisitor } from './routes/webhook/export-visitor.ts'
import { previewDestination } from './routes/destinations/preview-destination.ts'
import { readDestinationHealth } from './routes/destinations/read-destination-health.ts'
import { finishOidc, startOidc } from './routes/oidc/oidc.ts'
import { closeDeliveryBreaker, closeDestinationBreaker } from './routes/receivers/close-breaker.ts'
import { readReceiver } from './routes/receivers/read-receiver.ts'
import { readHealth, readReadiness } from './routes/system/health.ts'
import { listDestinations } from './routes/destinations/list-destinations.ts'
import { readAuditLog } from './routes/audit/read-audit-log.ts'
import { readDelivery } from './routes/deliveries/read-delivery.ts'
import { readDestination } from './routes/destinations/read-destination.ts'
import { endOtherSessions, endSession, listSessions } from './routes/sessions/own-sessions.ts'
import { readSession } from './routes/sessions/read-session.ts'
import { rotateSigningSecret } from './routes/destinations/rotate-signing-secret.ts'
import { listDestinationStats, readStats } from './routes/stats/stats.ts'
import { streamEvents } from './routes/events/stream-events.ts'
import { pauseLane, readSystem, resumeLane } from './routes/system/system.ts'
import { testAlertRule } from './routes/alerts/test-alert-rule.ts'
import { testDestination } from './routes/destinations/test-destination.ts'
import { updateDestination } from './routes/destinations/update-destination.ts'
import { cancelOperation, pauseOperation, resumeOperation } from './routes/operations/change-operation.ts'
import { explainDelivery } from './routes/deliveries/explain-delivery.ts'
import { exportDeliveries } from './routes/deliveries/export-deliveries.ts'
import { changeFailure, listFailures, readFailure } from './routes/failures/failures.ts'
import { countDeliveries, listDeliveries } from './routes/deliveries/list-deliveries.ts'
import {
  exportItems,
  listItems,
  listOperations,
  planOperation,
  readOperation,
  startOperation,
} from './routes/operations/operations.ts'
import {
  cancelDelivery,
  editDelivery,
  reExportDelivery,
  resendDelivery,
} from './routes/deliveries/delivery-actions.ts'
import {
  storeSegmentBatch,
  storeSegmentIdentify,
  storeSegmentPage,
  storeSegmentTrack,
} from './routes/segment/segment.ts'
import type { NamedRoute, Route } from './server/route.ts'

/** All routes of the API by name, except `/openapi.json` and its page `/docs` (open-api.ts). */
const routesByName: Readonly<Record<string, Route>> = {
  describeWebhook, //  GET    /api/webhook
  exportVisitor, //    POST   /api/webhook
  listDeliveries, //   GET    /api/deliveries
  countDeliveries, //  GET    /api/deliveries/count
  exportDeliveries, // GET    /api/deliveries/export
  readDelivery, //     GET    /api/deliveries/:id
  explainDelivery, //  GET    /api/deliveries/:id/explain
  resendDelivery, //   POST   /api/deliveries/:id/resend
  reExportDelivery, // POST   /api/deliveries/:id/re-export
  editDelivery, //     POST   /api/deliveries/:id/edit
  cancelDelivery, //   POST   /api/deliveries/:id/cancel
  closeDeliveryBreaker, // POST /api/deliveries/:id/close-breaker
  listFailures, //     GET    /api/failures
  readFailure, //      GET    /api/failures/:fingerprint
  changeFailure, //    PATCH  /api/failures/:fingerprint
  planOperation, //    POST   /api/operations/plan
  startOperation, //   POST   /api/operations
  listOperations, //   GET    /api/operations
  readOperation, //    GET    /api/operations/:id
  listItems, //        GET    /api/operations/:id/items
  exportItems, //      GET    /api/operations/:id/items/export
  pauseOperation, //   POST   /api/operations/:id/pause
  resumeOperation, //  POST   /api/operations/:id/resume
  cancelOperation, //  POST   /api/operations/:id/cancel
  listDestinations, // GET    /api/destinations
  createDestination, // POST  /api/destinations
  readDestination, //  GET    /api/destinations/:id
  updateDestination, // PATCH /api/destinations/:id
  deleteDestination, // DELETE /api/destinations/:id
  readDestinationHealth, // GET /api/destinations/:id/health
  readReceiver, //     GET    /api/receivers/:host
  testDestination, //  POST   /api/destinations/:id/test
  previewDestination, // POST /api/destinations/:id/preview
  closeDestinationBreaker, // POST /api/destinations/:id/close-breaker
  rotateSigningSecret, // POST /api/destinations/:id/signing-secret
  createHubspotProperties, // POST /api/destinations/:id/hubspot-properties
  listAlertRules, //   GET    /api/alert-rules
  createAlertRule, //  POST   /api/alert-rules
  readAlertRule, //    GET    /api/alert-rules/:id
  updateAlertRule, //  PATCH  /api/alert-rules/:id
  deleteAlertRule, //  DELETE /api/alert-rules/:id
  testAlertRule, //    POST   /api/alert-rules/:id/test
  readStats, //        GET    /api/stats
  listDestinationStats, // GET /api/stats/destinations
  streamEvents, //     GET    /api/stream
  readSystem, //       GET    /api/system
  pauseLane, //        POST   /api/system/lanes/:lane/pause
  resumeLane, //       POST   /api/system/lanes/:lane/resume
  listVisitors, //     GET    /api/visitors
  storeVisitorBatch, // POST  /api/visitors/batch
  readVisitor, //      GET    /api/visitors/:ghost_vid
  putVisitor, //       PUT    /api/visitors/:ghost_vid
  liftSuppression, //  DELETE /api/visitors/:ghost_vid/suppression
  eraseVisitor, //     POST   /api/visitors/:ghost_vid/erase
  storeSegmentBatch, // POST  /v1/batch
  storeSegmentIdentify, // POST /v1/identify
  storeSegmentTrack, // POST  /v1/track
  storeSegmentPage, // POST   /v1/page
  readAuditLog, //     GET    /api/audit
  listApiKeys, //      GET    /api/api-keys
  createApiKey, //     POST   /api/api-keys
  revokeApiKey, //     DELETE /api/api-keys/:id
  listAccounts, //     GET    /api/accounts
  inviteAccount, //    POST   /api/accounts
  changeAccount, //    PATCH  /api/accounts/:id
  removeAccount, //    DELETE /api/accounts/:id
  disableAccount, //   POST   /api/accounts/:id/disable
  enableAccount, //    POST   /api/accounts/:id/enable
  createAccountLink, // POST  /api/accounts/:id/link
  readAccountLink, //  POST   /api/account-links/read
  useAccountLink, //   POST   /api/account-links/use
  setUpInstallation, // POST  /api/setup
  readSignInOptions, // GET   /api/sign-in
  startOidc, //        GET    /api/oidc/start
  finishOidc, //       GET    /api/oidc/callback
  createSession, //    POST   /api/session
  readSession, //      GET    /api/session
  deleteSession, //    DELETE /api/session
  listSessions, //     GET    /api/sessions
  endOtherSessions, // DELETE /api/sessions
  endSession, //       DELETE /api/sessions/:id
  changePassword, //   PUT    /api/account/password
  readHealth, //       GET    /healthz
  readReadiness, //    GET    /readyz
}

export const routes: readonly NamedRoute[] = Object.entries(routesByName).map(([operationId, route]) => ({
  ...route,
  operationId,
}))
