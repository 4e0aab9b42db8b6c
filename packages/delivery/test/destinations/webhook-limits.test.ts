import { limitsEachWebhook, type WebhookType } from '@ghostpost/delivery/destinations'
import { expect, test } from 'vitest'

const limits = (url: string, type: WebhookType = 'custom'): boolean => limitsEachWebhook(type, new URL(url))

test.each([
  'https://hooks.slack.com/services/T1/B1/x',
  'https://discord.com/api/webhooks/1/x',
  'https://ptb.discord.com/api/webhooks/1/x',
  'https://discordapp.com/api/webhooks/1/x',
  'https://hooks.zapier.com/hooks/catch/1/x',
  'https://acme.app.n8n.cloud/webhook/1',
  'https://automation.acme.com/webhook/1',
  'https://automation.acme.com/webhook-test/1',
  'https://hook.eu1.make.com/abc',
  'https://acme.webhook.office.com/webhookb2/x',
])('a receiver that limits each webhook: %s', (url) => {
  expect(limits(url)).toBe(true)
})

test.each([
  'https://crm.acme.com/hooks/1',
  'https://acme.com/webhooks/1',
  'https://slack.com.acme.com/services/1',
  'https://evil-hooks.slack.com.example/x',
  'https://notmake.com/x',
])('a receiver that limits its whole origin: %s', (url) => {
  expect(limits(url)).toBe(false)
})

test('a type whose tool limits each webhook does so at any host', () => {
  expect(limits('https://mattermost.acme.com/hooks/1', 'slack')).toBe(true)
  expect(limits('https://proxy.acme.com/1', 'discord')).toBe(true)
  expect(limits('https://proxy.acme.com/1', 'hubspot')).toBe(false)
})
