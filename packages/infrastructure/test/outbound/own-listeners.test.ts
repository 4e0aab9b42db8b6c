import { judgeAddress, type AddressPolicy } from '@ghostpost/delivery/receivers'
import { loadSettings } from '@ghostpost/infrastructure/config'
import { describe, expect, test } from 'vitest'
import { ownListeners } from '../../src/outbound/own-listeners.ts'

const stores = { DATABASE_URL: 'postgres://u:p@db:6432/g', QUEUE_URL: 'redis://10.0.0.9' }

function policyOf(environment: Record<string, string>): AddressPolicy {
  const settings = loadSettings({ ...stores, ...environment })
  const allowed = [
    { network: '0.0.0.0', bits: 0, port: null },
    { network: '::', bits: 0, port: null },
  ]
  return { allowed, ownListeners: ownListeners(settings, () => ['10.0.0.4', 'fd00::4', '127.0.0.1']) }
}

const isOurs = (policy: AddressPolicy, address: string, port: number): boolean => {
  const verdict = judgeAddress(address, port, policy)
  return !verdict.allowed && verdict.reason === 'own_listener'
}

describe('own listeners', () => {
  test.each([
    ['127.0.0.1', ['127.0.0.1', '0.0.0.0'], ['10.0.0.4', 'fd00::4']],
    ['localhost', ['127.0.0.1', '::1', '0.0.0.0', '::'], ['10.0.0.4']],
    ['10.0.0.4', ['10.0.0.4'], ['127.0.0.1', '10.0.0.5']],
    ['0.0.0.0', ['127.0.0.1', '::1', '10.0.0.4', 'fd00::4', '0.0.0.0', '::'], ['10.0.0.5', 'fd00::5']],
    ['::', ['127.0.0.1', '::1', '10.0.0.4', 'fd00::4'], ['10.0.0.5']],
  ])('an API bound to %s listens at %j and not at %j', (host, ours, others) => {
    const policy = policyOf({ GHOSTPOST_HOST: host, GHOSTPOST_PORT: '4080' })
    expect(ours.filter((address) => !isOurs(policy, address, 4080))).toEqual([])
    expect([...ours, ...others].filter((address) => isOurs(policy, address, 4099))).toEqual([])
    expect(others.filter((address) => isOurs(policy, address, 4080))).toEqual([])
  })

  test('port 0 has no known listener', () => {
    expect(isOurs(policyOf({ GHOSTPOST_PORT: '0' }), '127.0.0.1', 0)).toBe(false)
  })

  test('the stores and the proxy are own listeners, by address or by name', () => {
    const settings = loadSettings({ ...stores, GHOSTPOST_EGRESS_PROXY: 'http://u:p@proxy.lan:3128' })
    expect(ownListeners(settings, () => [])).toEqual(
      expect.arrayContaining([
        { name: 'db', port: 6432 },
        { network: '10.0.0.9', bits: 32, port: 6379 },
        { name: 'proxy.lan', port: 3128 },
      ]),
    )
  })

  test.each([
    [
      'redis-cluster://u:p@10.0.0.7:7001,redis-b',
      [
        { network: '10.0.0.7', bits: 32, port: 7001 },
        { name: 'redis-b', port: 6379 },
      ],
    ],
    [
      'redis-sentinel://sentinel-a,sentinel-b:26380/main',
      [
        { name: 'sentinel-a', port: 26_379 },
        { name: 'sentinel-b', port: 26_380 },
      ],
    ],
    ['postgres://u:p@queue-db/q', [{ name: 'queue-db', port: 5432 }]],
  ])('all hosts of the queue are own listeners: %s', (QUEUE_URL, expected) => {
    const settings = loadSettings({ ...stores, QUEUE_URL })
    const found = ownListeners(settings, () => [])
    expect(found).toEqual(expect.arrayContaining([...expected, { name: 'db', port: 6432 }]))
  })

  test('the telemetry servers and the replica are own listeners', () => {
    const environment = {
      GHOSTPOST_METRICS_HOST: '0.0.0.0',
      GHOSTPOST_METRICS_PORT: '9100',
      GHOSTPOST_WORKER_PORT: '9101',
      GHOSTPOST_READ_DATABASE_URL: 'postgres://u:p@replica/g',
    }
    const policy = policyOf(environment)
    expect([9100, 9101, 9102].map((port) => isOurs(policy, '10.0.0.4', port))).toEqual([true, true, false])
    expect(policy.ownListeners).toContainEqual({ name: 'replica', port: 5432 })
  })

  test('the machine’s own addresses are found', () => {
    const settings = loadSettings({ ...stores, GHOSTPOST_HOST: '0.0.0.0', GHOSTPOST_PORT: '4080' })
    expect(isOurs({ allowed: [], ownListeners: ownListeners(settings) }, '127.0.0.1', 4080)).toBe(true)
  })
})
