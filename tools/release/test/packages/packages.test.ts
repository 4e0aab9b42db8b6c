import { execFile, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { packPackages } from '../../src/packages/pack-packages.ts'
import { repository } from '../../src/docs/markdown.ts'

const run = promisify(execFile)
const installMs = 300_000

/** Without the tools of the workspace. */
const outsidePath = (process.env['PATH'] ?? '')
  .split(delimiter)
  .filter((folder) => !folder.startsWith(repository))
  .join(delimiter)
const outsideNode = spawnSync('node', ['-p', 'process.execPath'], { env: { PATH: outsidePath } })
const nodes = [...new Set([process.execPath, outsideNode.stdout?.toString().trim() || process.execPath])]

let work: string
let app: string
let server: Server
let url: string
let isInstalled = false

beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'ghostpost-packages-'))
  app = join(work, 'app')
  await mkdir(app)
  const tarballs = await packPackages(join(work, 'built'), work)
  await writeFile(join(app, 'package.json'), '{ "type": "module", "private": true }')
  const options = { cwd: app, env: { ...process.env, PATH: outsidePath }, timeout: installMs }
  const install = ['install', '--no-audit', '--no-fund', '--prefer-offline', ...Object.values(tarballs)]
  isInstalled = await run('npm', install, options).then(
    () => true,
    (error: Error) => {
      if (!/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT/.test(error.message)) throw error
      console.warn('Skipped: the registry cannot be reached.')
      return false
    },
  )
  server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ items: [], next: null, key: request.headers.authorization }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}, installMs + 60_000)

afterAll(async () => {
  server?.close()
  await rm(work, { recursive: true })
})

const program = `import { createClient, orThrow } from '@ghostpost/client'
const client = createClient({ url: process.argv[2]!, apiKey: 'gp_x' })
const { items, next } = await orThrow(client.GET('/api/deliveries'))
const ids: string[] = items.map((one) => one.delivery_id)
console.log(JSON.stringify({ ids, next }))
`

describe('the tarballs, installed in an empty folder,', () => {
  test.each(nodes)('run on %s', async (node) => {
    if (!isInstalled) return
    const env = { PATH: outsidePath, HOME: work, GHOSTPOST_API_URL: url, GHOSTPOST_API_KEY: 'gp_x' }
    const bin = join(app, 'node_modules/.bin/ghostpost')
    const manifest = readFileSync(join(repository, 'package.json'), 'utf8')
    const { version } = JSON.parse(manifest) as { version: string }
    const ghostpost = (...args: string[]) => run(node, [bin, ...args], { env })
    expect(await ghostpost('--version')).toEqual({ stdout: `${version}\n`, stderr: '' })
    const { stdout, stderr } = await ghostpost('deliveries', 'list', '--json')
    expect([JSON.parse(stdout), stderr]).toEqual([expect.objectContaining({ items: [] }), ''])
    await expect(
      ghostpost('visitors', 'import', '--from', 'postgres://127.0.0.1:1/x', '--query', 'x'),
    ).rejects.toThrow('Postgres:')
    const script = join(app, 'use-client.js')
    await writeFile(script, program.replace('[2]!', '[2]').replace(': string[]', ''))
    const used = await run(node, [script, url], { env })
    expect(JSON.parse(used.stdout)).toEqual({ ids: [], next: null })
  })

  test('have types that TypeScript 5 reads', async () => {
    if (!isInstalled) return
    await writeFile(join(app, 'use-client.ts'), program)
    const compiler = join(import.meta.dirname, '../../node_modules/typescript/bin/tsc')
    const typeRoots = join(repository, 'node_modules/@types')
    const options = [
      '--noEmit',
      '--strict',
      '--module',
      'nodenext',
      '--target',
      'es2022',
      '--lib',
      'es2023,dom',
    ]
    const types = ['--typeRoots', typeRoots, '--types', 'node', '--skipLibCheck']
    await run(process.execPath, [compiler, ...options, ...types, 'use-client.ts'], { cwd: app })
    const wrong = program.replace('string[]', 'number[]')
    await writeFile(join(app, 'wrong.ts'), wrong)
    await expect(
      run(process.execPath, [compiler, ...options, ...types, 'wrong.ts'], { cwd: app }),
    ).rejects.toMatchObject({ stdout: expect.stringContaining("'string[]' is not assignable") })
  })

  test('contain JavaScript and types, and no source', async () => {
    if (!isInstalled) return
    const files = (await readdir(join(app, 'node_modules/@ghostpost'), { recursive: true })).filter((file) =>
      /\.[cm]?ts$/.test(file),
    )
    expect(files.length).toBeGreaterThan(50)
    expect(
      files.filter((file) => !file.endsWith('.d.ts') && !/node_modules\/(?!@ghostpost)/.test(file)),
    ).toEqual([])
  })
})
