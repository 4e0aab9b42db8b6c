import { createSession } from './routes/create-session.ts'
import { deleteSession } from './routes/delete-session.ts'
import { describeWebhook } from './routes/describe-webhook.ts'
import { exportVisitor } from './routes/export-visitor.ts'
import { readHealth, readReadiness } from './routes/health.ts'
import { readDelivery } from './routes/read-delivery.ts'
import { readSession } from './routes/read-session.ts'
import type { Route } from './routes/route.ts'

/** The whole HTTP surface, beside `/openapi.json` and its page `/docs` (open-api.ts). */
export const routes: readonly Route[] = [
  describeWebhook, //  GET    /api/webhook
  exportVisitor, //    POST   /api/webhook
  readDelivery, //     GET    /api/deliveries/:id
  createSession, //    POST   /api/session
  readSession, //      GET    /api/session
  deleteSession, //    DELETE /api/session
  readHealth, //       GET    /healthz
  readReadiness, //    GET    /readyz
]
