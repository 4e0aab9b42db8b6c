import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import { newSigningSecret } from '@ghostpost/infrastructure/secrets'
import { Webhook } from 'standardwebhooks'
import { Webhook as SvixWebhook } from 'svix'
import { expect, test } from 'vitest'
import { signatureHeaders } from '../../src/outbound/sign-request.ts'

const body = '{"city":"Zürich ✓","n":1}'
const id = '01a20857-37c9-71ee-850f-865673a22436'
const timestamp = (): number => Math.floor(Date.now() / 1_000)

test('the Standard Webhooks library accepts our signature', () => {
  const secret = newSigningSecret()
  const headers = signatureHeaders({ id, timestamp: timestamp(), secrets: [secret] }, body)
  expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body))
})

test('the Svix library accepts our signature', () => {
  const secret = newSigningSecret()
  const headers = signatureHeaders({ id, timestamp: timestamp(), secrets: [secret] }, body)
  expect(() => new SvixWebhook(secret).verify(body, headers)).not.toThrow()
  expect(() => new SvixWebhook(newSigningSecret()).verify(body, headers)).toThrow('No matching signature')
})

test('during a rotation both the new and the old secret verify', () => {
  const [fresh, old, other] = [newSigningSecret(), newSigningSecret(), newSigningSecret()]
  const headers = signatureHeaders({ id, timestamp: timestamp(), secrets: [fresh, old] }, body)
  expect(headers['webhook-signature']?.split(' ')).toHaveLength(2)
  expect(new Webhook(fresh).verify(body, headers)).toBeTruthy()
  expect(new Webhook(old).verify(body, headers)).toBeTruthy()
  expect(() => new Webhook(other).verify(body, headers)).toThrow('No matching signature')
})

test('a changed byte, another id or an old timestamp is refused', () => {
  const secret = newSigningSecret()
  const webhook = new Webhook(secret)
  const headers = signatureHeaders({ id, timestamp: timestamp(), secrets: [secret] }, body)
  expect(() => webhook.verify(body.replace('1', '2'), headers)).toThrow('No matching signature')
  expect(() => webhook.verify(body, { ...headers, 'webhook-id': 'another' })).toThrow('No matching signature')
  const stale = signatureHeaders({ id, timestamp: timestamp() - 3_600, secrets: [secret] }, body)
  expect(() => webhook.verify(body, stale)).toThrow('too old')
})

test('an ed25519 key signs as v1a, and its public key verifies', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const seed = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32)
  const at = timestamp()
  const headers = signatureHeaders({ id, timestamp: at, secrets: [`whsk_${seed.toString('base64')}`] }, body)
  const [version, signature = ''] = (headers['webhook-signature'] ?? '').split(',')
  expect(version).toBe('v1a')
  const key = createPublicKey(publicKey.export({ format: 'pem', type: 'spki' }))
  expect(verify(null, Buffer.from(`${id}.${at}.${body}`), key, Buffer.from(signature, 'base64'))).toBe(true)
})

test('without a secret only the id and the timestamp are sent', () => {
  expect(signatureHeaders({ id, timestamp: 1_700_000_000, secrets: [] }, body)).toEqual({
    'webhook-id': id,
    'webhook-timestamp': '1700000000',
  })
})
