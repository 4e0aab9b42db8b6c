import { WebhookReference, webhookReference } from '@ghostpost/delivery/contract/webhook'
import { defineRoute } from '../../server/route.ts'

export const describeWebhook = defineRoute({
  method: 'GET',
  url: '/api/webhook',
  access: 'session',
  summary: 'List the supported webhook types and a reference payload',
  tag: 'Webhooks',
  responses: { 200: WebhookReference },
  errors: [401],
  handle: async () => webhookReference,
})
