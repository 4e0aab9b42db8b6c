import { createDestination } from './routes/create-destination.ts'
import { createHubspotProperties } from './routes/create-hubspot-properties.ts'
import { createSession } from './routes/create-session.ts'
import { deleteDestination } from './routes/delete-destination.ts'
import { deleteSession } from './routes/delete-session.ts'
import { describeWebhook } from './routes/describe-webhook.ts'
import { eraseVisitor } from './routes/erase-visitor.ts'
import { exportVisitor } from './routes/export-visitor.ts'
import { readDestinationHealth } from './routes/read-destination-health.ts'
import { readReceiver } from './routes/read-receiver.ts'
import { readHealth, readReadiness } from './routes/health.ts'
import { listDestinations } from './routes/list-destinations.ts'
import { readAuditLog } from './routes/read-audit-log.ts'
import { readDelivery } from './routes/read-delivery.ts'
import { readDestination } from './routes/read-destination.ts'
import { readSession } from './routes/read-session.ts'
import { rotateSigningSecret } from './routes/rotate-signing-secret.ts'
import { testDestination } from './routes/test-destination.ts'
import { updateDestination } from './routes/update-destination.ts'
import type { Route } from './routes/route.ts'

/** The whole HTTP surface, beside `/openapi.json` and its page `/docs` (open-api.ts). */
export const routes: readonly Route[] = [
  describeWebhook, //  GET    /api/webhook
  exportVisitor, //    POST   /api/webhook
  readDelivery, //     GET    /api/deliveries/:id
  listDestinations, // GET    /api/destinations
  createDestination, // POST  /api/destinations
  readDestination, //  GET    /api/destinations/:id
  updateDestination, // PATCH /api/destinations/:id
  deleteDestination, // DELETE /api/destinations/:id
  readDestinationHealth, // GET /api/destinations/:id/health
  readReceiver, //     GET    /api/receivers/:host
  testDestination, //  POST   /api/destinations/:id/test
  rotateSigningSecret, // POST /api/destinations/:id/signing-secret
  createHubspotProperties, // POST /api/destinations/:id/hubspot-properties
  eraseVisitor, //     POST   /api/visitors/:ghost_vid/erase
  readAuditLog, //     GET    /api/audit
  createSession, //    POST   /api/session
  readSession, //      GET    /api/session
  deleteSession, //    DELETE /api/session
  readHealth, //       GET    /healthz
  readReadiness, //    GET    /readyz
]
