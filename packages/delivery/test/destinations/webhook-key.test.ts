import { webhookKeyOf, type WebhookType } from '@ghostpost/delivery/destinations'
import { expect, test } from 'vitest'

const keyOf = (url: string, type: WebhookType = 'custom'): string | null => webhookKeyOf(type, new URL(url))

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
])('each webhook has a key where the receiver limits it on its own: %s', (url) => {
  expect(keyOf(url)).toMatch(/^[0-9a-f]{12}$/)
  expect(keyOf(`${url}2`)).not.toBe(keyOf(url))
  expect(keyOf(`${url}?wait=true`)).toBe(keyOf(url))
})

test.each([
  'https://crm.acme.com/hooks/1',
  'https://acme.com/webhooks/1',
  'https://slack.com.acme.com/services/1',
  'https://evil-hooks.slack.com.example/x',
])('the webhooks of another host have none: %s', (url) => {
  expect(keyOf(url)).toBeNull()
})

test('a type whose tool limits each webhook has a key at any host', () => {
  expect(keyOf('https://mattermost.acme.com/hooks/1', 'slack')).not.toBeNull()
  expect(keyOf('https://proxy.acme.com/1', 'discord')).not.toBeNull()
  expect(keyOf('https://proxy.acme.com/1', 'hubspot')).toBeNull()
})

test('a key does not contain the secret path', () => {
  expect(keyOf('https://hooks.slack.com/services/T1/B1/secret')).not.toContain('secret')
})
