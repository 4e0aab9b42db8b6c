import { execFile } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Spec, Validation } from '@cyclonedx/cyclonedx-library'
import { afterEach, describe, expect, test } from 'vitest'
import { isAllowed, refusedLicences } from '../../src/supply-chain/licences.ts'
import { listLicences, repository } from '../../src/supply-chain/run-pnpm.ts'

const programs = join(repository, 'tools/release/src/supply-chain')
const read = (path: string): string => readFileSync(join(repository, path), 'utf8')

/** The names in the first cells of a page's tables. */
function namedIn(page: string): string[] {
  return [...page.matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, cell]) => (cell ?? '').split(', '))
}

interface ProgramResult {
  code: number
  stdout: string
}

function run(program: string, ...args: string[]): Promise<ProgramResult> {
  return new Promise((resolve) => {
    execFile(process.execPath, [join(programs, program), ...args], (error, stdout) =>
      resolve({ code: error ? Number(error.code) : 0, stdout }),
    )
  })
}

describe('dependencies', () => {
  test('are pinned by a lockfile that names no registry', () => {
    const lockfile = read('pnpm-lock.yaml')
    expect(lockfile).toMatch(/^lockfileVersion:/)
    expect(lockfile.match(/integrity: sha512-/g)?.length).toBeGreaterThan(300)
    expect(lockfile).not.toMatch(/https?:|resolution: \{tarball/)
  })

  const shipped = [
    'apps/api',
    'apps/worker',
    'apps/cli',
    'packages/client',
    'packages/delivery',
    'packages/infrastructure',
  ]
  const justified = read('docs/decisions/0005-runtime-dependencies.md')

  test.each(shipped)('of %s are each justified', (folder) => {
    const { dependencies = {} } = JSON.parse(read(`${folder}/package.json`)) as {
      dependencies?: Record<string, string>
    }
    const others = Object.keys(dependencies).filter((name) => !name.startsWith('@ghostpost/'))
    const named = namedIn(justified)
    expect(others.filter((name) => !named.includes(name))).toEqual([])
  })

  test('of the dashboard are each justified', () => {
    const { dependencies } = JSON.parse(read('apps/dashboard/package.json')) as {
      dependencies: Record<string, string>
    }
    const named = namedIn(read('docs/decisions/0013-dashboard.md'))
    const others = Object.keys(dependencies).filter((name) => !name.startsWith('@ghostpost/'))
    expect(others.filter((name) => !named.includes(name))).toEqual([])
  })

  test('that are justified are still used', () => {
    const used = new Set(
      globSync('{apps,packages}/*/package.json', { cwd: repository }).flatMap((path) =>
        Object.keys((JSON.parse(read(path)) as { dependencies?: object }).dependencies ?? {}),
      ),
    )
    const rows = justified.split('| --- | --- | --- |')[1] ?? ''
    expect(namedIn(rows).filter((name) => !used.has(name))).toEqual([])
  })
})

describe('licences', () => {
  test('of all shipped packages require a notice and nothing else', async () => {
    const licences = await listLicences()
    const names = Object.values(licences)
      .flat()
      .map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['fastify', 'bullmq', 'react', 'commander']))
    expect(names.filter((name) => /^(vitest|vite|prisma|typescript)$/.test(name))).toEqual([])
    expect(refusedLicences(licences)).toEqual([])
  })

  test.each([
    ['MIT', true],
    ['(MIT OR GPL-3.0-only)', true],
    ['MIT AND ISC', true],
    ['MIT AND GPL-3.0-only', false],
    ['(Apache-2.0 AND GPL-2.0) OR MIT', true],
    ['AGPL-3.0-only', false],
    ['Unknown', false],
    ['', false],
  ])('%s: %s', (expression, verdict) => expect(isAllowed(expression)).toBe(verdict))

  test('that are not allowed are listed with their packages', () => {
    expect(
      refusedLicences({
        MIT: [{ name: 'a', versions: ['1'] }],
        'SSPL-1.0': [{ name: 'b', versions: ['1', '2'] }],
      }),
    ).toEqual(['b 1, 2: SSPL-1.0'])
  })
})

describe('advisories', () => {
  let registry: Server | undefined
  afterEach(() => registry?.close())

  /** Starts a registry that responds to audits with this status and body. */
  async function registryThatResponds(status: number, body: string): Promise<string> {
    registry = createServer((_request, response) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(body),
    )
    await new Promise<void>((resolve) => void registry?.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(registry.address() as AddressInfo).port}/`
  }
  const advisory = (severity: string) => ({
    id: severity === 'critical' ? 2 : 1,
    url: 'https://example.com/advisories/GHSA-test',
    title: 'Information disclosure',
    severity,
    vulnerable_versions: '>=0',
    cwe: [],
    cvss: { score: 5, vectorString: '' },
  })

  test('that are severe and concern a shipped package fail the check', async () => {
    const url = await registryThatResponds(200, JSON.stringify({ fastify: [advisory('high')] }))
    const { code, stdout } = await run('check-advisories.ts', '--registry', url)
    expect(stdout).toMatch(/^high: fastify 5\.\S+: Information disclosure https/m)
    expect(stdout).toContain('advisories: 1, of which 1 severe and shipped')
    expect(code).toBe(1)
  })

  test('that are moderate, or concern a tool, are only reported', async () => {
    const found = { fastify: [advisory('moderate')], prisma: [advisory('critical')] }
    const { code, stdout } = await run(
      'check-advisories.ts',
      '--registry',
      await registryThatResponds(200, JSON.stringify(found)),
    )
    expect(stdout).toMatch(/^moderate: fastify/m)
    expect(stdout).toMatch(/^critical, not shipped: prisma/m)
    expect(code).toBe(0)
  })

  test('are reported as 0 if there are none', async () => {
    expect(await run('check-advisories.ts', '--registry', await registryThatResponds(200, '{}'))).toEqual({
      code: 0,
      stdout: 'advisories: 0, of which 0 severe and shipped\n',
    })
  })

  test('are reported as not checked if the registry supports no audits', async () => {
    const { code, stdout } = await run(
      'check-advisories.ts',
      '--registry',
      await registryThatResponds(405, '{}'),
    )
    expect(stdout).toMatch(/^advisories: NOT CHECKED, the registry supports no audits \(ERR_\w+\)\n$/)
    expect(code).toBe(0)
  })
})

test('the bill of materials is valid CycloneDX, and lists all shipped packages with licence and checksum', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ghostpost-bom-'))
  try {
    const file = join(folder, 'bom.json')
    expect((await run('write-bom.ts', file)).code).toBe(0)
    const text = readFileSync(file, 'utf8')
    const problems = await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(text)
    expect(problems).toBeNull()

    interface Component {
      group?: string
      name: string
      version: string
      purl: string
      licenses?: unknown[]
      externalReferences?: { hashes?: { alg: string }[] }[]
    }
    const bom = JSON.parse(text) as {
      specVersion: string
      metadata: { component: Component }
      components: Component[]
    }
    const { version } = JSON.parse(read('package.json')) as { version: string }
    expect(bom).toMatchObject({ specVersion: '1.6', metadata: { component: { name: 'ghostpost', version } } })
    const names = bom.components.map(({ group, name }) => (group === undefined ? name : `${group}/${name}`))
    expect(names).toEqual(
      expect.arrayContaining(['fastify', 'bullmq', '@prisma/client', 'react', 'commander']),
    )
    expect(names.filter((name) => /^(vitest|vite|prisma|typescript|oxlint)$/.test(name))).toEqual([])
    const foreign = bom.components.filter(({ group }) => group !== '@ghostpost')
    expect(foreign.filter(({ licenses }) => !licenses?.length)).toEqual([])
    expect(
      foreign.filter(
        ({ externalReferences }) => !externalReferences?.[0]?.hashes?.some(({ alg }) => alg === 'SHA-512'),
      ),
    ).toEqual([])
  } finally {
    await rm(folder, { recursive: true })
  }
})
