import { webhookKeyOf } from '@ghostpost/infrastructure/secrets'
import { expect, test } from 'vitest'

const keyOf = (url: string): string | null => webhookKeyOf('custom', new URL(url))

test('each webhook of a host that limits each webhook has a key of its own, whatever its query', () => {
  const key = keyOf('https://hooks.slack.com/services/T1/B1/secret')
  expect(key).toMatch(/^[0-9a-f]{12}$/)
  expect(keyOf('https://hooks.slack.com/services/T1/B1/other')).not.toBe(key)
  expect(keyOf('https://hooks.slack.com/services/T1/B1/secret?wait=true')).toBe(key)
})

test('webhooks of another host have none', () => {
  expect(keyOf('https://crm.acme.com/hooks/1')).toBeNull()
})
