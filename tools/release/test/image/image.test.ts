import { globSync, readFileSync } from 'node:fs'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { testStoreUrl } from '@ghostpost/test-kit/test-database'
import { waitUntil } from '@ghostpost/test-kit/wait-until'
import { freePort, imageNodeOptions } from '@ghostpost/local-services'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callApi, exportBody } from '@ghostpost/test-kit/processes/call-api'
import { openBuildContext } from '../../src/image/build-context.ts'
import { openImage, type Container, type Image } from '../../src/image/run-image.ts'
import { startStack, type Stack } from '@ghostpost/test-kit/processes/start-stack'

const repository = join(import.meta.dirname, '../../../..')
const { version } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { version: string }
let image: Image

beforeAll(async () => {
  image = await openImage(repository)
}, 240_000)
afterAll(() => image.remove())

const files = (pattern: string): string[] => globSync(pattern, { cwd: image.workdir })

describe('the image', () => {
  test('copies the manifest of every package of the workspace, which a frozen install needs', () => {
    const copied = readFileSync(join(repository, 'Dockerfile'), 'utf8').matchAll(
      /^COPY (\S+\/package\.json) /gm,
    )
    expect([...copied].map(([, path = '']) => path).toSorted()).toEqual(
      globSync('{apps,packages,tools}/*/package.json', { cwd: repository }).toSorted(),
    )
  })

  test('starts Node with the options that other starts use', () => {
    expect(readFileSync(join(repository, 'Dockerfile'), 'utf8')).toContain(
      `NODE_OPTIONS="${imageNodeOptions}"`,
    )
  })

  test('has labels with its title, licence and version', () => {
    expect(image.labels).toMatchObject({
      'org.opencontainers.image.title': 'Ghostpost',
      'org.opencontainers.image.licenses': 'MIT',
      'org.opencontainers.image.version': version,
    })
  })

  test('contains the programs, and neither tools nor tests nor documents', async () => {
    expect(files('apps/*').toSorted()).toEqual(['apps/api', 'apps/dashboard', 'apps/worker'])
    expect(files('packages/*').toSorted()).toEqual(['packages/delivery', 'packages/infrastructure'])
    expect(files('{apps,packages}/*/test')).toEqual([])
    expect(files('{*.md,docs,.git*,.env*,.data}')).toEqual([])
    const installed = files('node_modules/.pnpm/*').map((path) => path.split('/').at(-1) ?? '')
    expect(
      installed.filter((name) =>
        /^(vitest|vite|typescript|prisma|knip|ox|playwright|node-linux|@embedded)/.test(name),
      ),
    ).toEqual([])
    expect(files('apps/dashboard/dist/index.html')).toHaveLength(1)
  })

  test('is no larger than 130 MB beside Node and the base system', async () => {
    const { output } = await image.run(['du', '-sm', '.'])
    expect(Number.parseInt(output, 10)).toBeLessThan(130)
  })

  test('has a build context without secrets, tests and documents', () => {
    const { isIgnored } = openBuildContext(repository)
    const kept = ['package.json', 'apps/api/src/main.ts', 'prisma/migrations/migration_lock.toml']
    const left = [
      '.git/config',
      '.env',
      '.env.example',
      '.secrets/database_url',
      '.data/dev.json',
      'README.md',
    ]
    const nested = ['apps/api/node_modules/fastify/package.json', 'apps/api/test/x.test.ts', 'docs/api.md']
    expect(kept.filter(isIgnored)).toEqual([])
    expect([...left, ...nested].filter((path) => !isIgnored(path))).toEqual([])
  })

  test('runs as an unprivileged user, who cannot write into it', async () => {
    const write = `try { require('fs').writeFileSync('x', '') } catch (e) { console.log(process.getuid(), e.code) }`
    const { output } = await image.run(['node', '-e', write])
    expect(output).toMatch(/^[1-9]\d* EACCES\n$/)
    expect(image.user).toEqual({ uid: 1000, gid: 1000 })
  })
})

describe('a container of the image', () => {
  let stack: Stack
  let secrets: string
  const started: Container[] = []

  beforeAll(async () => {
    stack = await startStack({}, 0)
    await stack.apiProcess.stop()
    secrets = await mkdtemp(join(tmpdir(), 'ghostpost-mounted-'))
    await chmod(secrets, 0o755)
    await writeFile(join(secrets, 'database_url'), `${stack.database.url}\n`)
    await writeFile(join(secrets, 'queue_url'), `${stack.queue.url}\n`)
    await writeFile(join(secrets, 'secret_keys'), `mounted:${Buffer.alloc(32, 9).toString('base64')}\n`)
  })
  afterAll(async () => {
    await Promise.all(started.map((one) => one.stop()))
    await stack.stop()
    await rm(secrets, { recursive: true })
  })

  const settings = (more: Record<string, string> = {}): Record<string, string> => ({
    DATABASE_URL_FILE: join(secrets, 'database_url'),
    QUEUE_URL_FILE: join(secrets, 'queue_url'),
    GHOSTPOST_SECRET_KEYS_FILE: join(secrets, 'secret_keys'),
    GHOSTPOST_QUEUE_PREFIX: stack.queue.prefix,
    GHOSTPOST_ALLOWED_ADDRESSES: `127.0.0.1/32:${stack.receiver.port}`,
    ...more,
  })
  const start = (command: readonly string[], env: Record<string, string>): Container => {
    const container = image.start(command, env)
    started.push(container)
    return container
  }

  test('migrates an empty database, and has nothing to do the second time', async () => {
    const name = `ghostpost_empty_${process.pid}`
    const server = new Client({ connectionString: testStoreUrl('GHOSTPOST_TEST_DATABASE_URL') })
    await server.connect()
    await server.query(`create database ${name}`)
    const url = new URL(stack.database.url)
    url.pathname = name
    const env = { DATABASE_URL: url.href, QUEUE_URL: stack.queue.url }
    const migrate = ['node', 'apps/api/src/commands/migrate.ts']
    expect(await image.run(migrate, env)).toMatchObject({
      code: 0,
      output: expect.stringContaining('migrations applied'),
    })
    expect(await image.run(migrate, env)).toMatchObject({
      code: 0,
      output: expect.stringContaining('up to date'),
    })
    await server.query(`drop database ${name} with (force)`)
    await server.end()
  })

  test('runs API and worker with secrets from files, is healthy by the image’s own check, and delivers', async () => {
    const [port = '', workerPort = '', unusedPort = ''] = (
      await Promise.all([freePort(), freePort(), freePort()])
    ).map(String)
    const env = settings({
      GHOSTPOST_PORT: port,
      GHOSTPOST_WORKER_PORT: unusedPort,
      GHOSTPOST_METRICS_PORT: '0',
      GHOSTPOST_COOKIE_SECURE: 'false',
    })
    const workerEnv = settings({ GHOSTPOST_PORT: unusedPort, GHOSTPOST_WORKER_PORT: workerPort })
    const isHealthy = async (one: Record<string, string>): Promise<boolean> =>
      (await image.run(image.healthcheck, one)).code === 0
    expect([await isHealthy(env), await isHealthy(workerEnv)]).toEqual([false, false])
    const api = start(image.command, env)
    const worker = start(['node', 'apps/worker/dist/programs/main.js'], workerEnv)
    await waitUntil('the API is healthy', () => isHealthy(env))
    await waitUntil('the worker is healthy', () => isHealthy(workerEnv))
    const at = { api: `http://127.0.0.1:${port}`, session: stack.session }
    const exported = await callApi(at, '/api/webhook', { body: exportBody(stack) })
    expect(exported).toMatchObject({ status: 200, body: { success: true } })
    const page = await callApi(at, '/ops', { headers: { accept: 'text/html' } })
    expect(page.text).toContain('<!doctype html>')

    expect(await api.stop()).toBe(0)
    expect(await worker.stop()).toBe(0)
    const logs = api.output() + worker.output()
    expect(logs).toContain('worker started')
    expect(logs).not.toContain(stack.database.url)
    expect(logs).not.toContain(Buffer.alloc(32, 9).toString('base64'))
  })

  test('does not start if a secret is set twice, and names it', async () => {
    const { code, output } = await image.run(image.command, settings({ DATABASE_URL: stack.database.url }))
    expect(code).not.toBe(0)
    expect(output).toContain('DATABASE_URL and DATABASE_URL_FILE are both set; keep one of them.')
    expect(output).not.toContain(stack.database.url)
  })
})
