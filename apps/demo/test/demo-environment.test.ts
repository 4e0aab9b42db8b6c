import { expect, test } from 'vitest'
import { choosePort } from '../src/choose-port.ts'
import { demoEnvironment } from '../src/demo-environment.ts'

const stores = { databaseUrl: 'postgres://d', queueUrl: 'redis://q' }
const defaults = {
  GHOSTPOST_PORT: '4080',
  GHOSTPOST_SECRET_KEYS: 'demo:key',
  GHOSTPOST_DRAIN_MS: '0',
  GHOSTPOST_ALLOWED_ADDRESSES: '127.0.0.1/32:4090',
}

test('every GHOSTPOST_ variable reaches API and worker, also unknown ones, which they refuse', () => {
  const env = {
    GHOSTPOST_PUBLIC_URL: 'https://a.example.com',
    GHOSTPOST_DRAIN_MS: '100',
    GHOSTPOST_TYPO: 'x',
    OTEL_SERVICE_NAME: 'demo',
    HOME: '/root',
  }
  const { HOME: _home, ...passed } = env
  expect(demoEnvironment(env, stores, defaults)).toEqual({
    ...defaults,
    DATABASE_URL: 'postgres://d',
    QUEUE_URL: 'redis://q',
    ...passed,
  })
})

test('the demo keeps its ports and its receivers, and gives way to a file of keys', () => {
  const env = {
    GHOSTPOST_PORT: '5000',
    GHOSTPOST_SECRET_KEYS_FILE: '/keys',
    GHOSTPOST_ALLOWED_ADDRESSES: '10.0.0.1/32:80',
    GHOSTPOST_API_KEY: 'gp_x',
    GHOSTPOST_RAW_QUEUES: '',
  }
  expect(demoEnvironment(env, stores, defaults)).toEqual({
    DATABASE_URL: 'postgres://d',
    QUEUE_URL: 'redis://q',
    GHOSTPOST_PORT: '4080',
    GHOSTPOST_DRAIN_MS: '0',
    GHOSTPOST_SECRET_KEYS_FILE: '/keys',
    GHOSTPOST_ALLOWED_ADDRESSES: '10.0.0.1/32:80 127.0.0.1/32:4090',
  })
})

test('GHOSTPOST_METRICS_PORT=0 means no metrics, and GHOSTPOST_PORT=0 any free port', async () => {
  expect(await choosePort('GHOSTPOST_METRICS_PORT', '0', 4082)).toBe(0)
  expect(await choosePort('GHOSTPOST_PORT', '0', 4080)).toBeGreaterThan(0)
})
