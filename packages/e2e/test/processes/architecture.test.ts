import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { deliveryStates, legalMoves } from '@ghostpost/delivery/deliver'
import { describe, expect, test } from 'vitest'

const repository = join(import.meta.dirname, '../../../..')
const read = (path: string): string => readFileSync(join(repository, path), 'utf8')
const sources = (pattern: string): string[] =>
  globSync(pattern, { cwd: repository }).filter((path) => !/node_modules|generated/.test(path))

/** The folders whose lines, SQL and comments included, are at most 120 columns long. */
const sqlFolders = [
  'packages/infrastructure/src/accounts',
  'packages/infrastructure/src/database/{connection,destinations,stats,upkeep,visitors}',
]

/** The lines of the matching files that are longer than `max` columns, as `path:line`. */
function linesOver(max: number, pattern: string): string[] {
  return sources(pattern).flatMap((path) =>
    read(path)
      .split('\n')
      .flatMap((line, index) => (line.length > max ? [`${path}:${index + 1}`] : [])),
  )
}

interface Manifest {
  name: string
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
}

const manifest = (path: string): Manifest => JSON.parse(read(path)) as Manifest
const ours = (dependencies: Record<string, string> = {}): string[] =>
  Object.keys(dependencies)
    .filter((name) => name.startsWith('@ghostpost/'))
    .toSorted()

describe('the packages', () => {
  // What the root lists, every package can import: so it lists nothing a package could want.
  test('the root holds tools only', () => {
    const root = manifest('package.json')
    const listed = Object.keys({
      ...root.dependencies,
      ...root.devDependencies,
      ...root.optionalDependencies,
    })
    expect(
      listed.filter((name) => !/^(node-|@types\/node$|knip$|ox|prisma$|typescript$|vitest$)/.test(name)),
    ).toEqual([])
  })

  test.each([
    ['packages/delivery', []],
    ['packages/infrastructure', ['@ghostpost/delivery']],
    ['packages/client', ['@ghostpost/delivery']],
    ['packages/local-services', []],
    ['apps/api', ['@ghostpost/delivery', '@ghostpost/infrastructure']],
    ['apps/cli', ['@ghostpost/client', '@ghostpost/delivery']],
    ['apps/worker', ['@ghostpost/delivery', '@ghostpost/infrastructure']],
    ['apps/dashboard', ['@ghostpost/client']],
  ])('%s depends on nothing but what its layer may', (folder, allowed) => {
    expect(ours(manifest(`${folder}/package.json`).dependencies)).toEqual(allowed)
  })

  test('the rules depend on schemas and an address parser alone', () => {
    expect(Object.keys(manifest('packages/delivery/package.json').dependencies ?? {})).toEqual([
      'ipaddr.js',
      'typebox',
    ])
  })
})

describe('the shape', () => {
  test('the path of one delivery is within 1,000 lines', () => {
    const listed = [...read('ARCHITECTURE.md').matchAll(/^\d+\. `([^`]+)`/gm)].map(([, path]) => path ?? '')
    expect(listed).toHaveLength(11)
    const files = listed.map((path) => path.replace('<type>', 'custom'))
    const lines = files.map((path) => read(path).split('\n').length - 1)
    expect(lines.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(1_000)
  })

  test('no line of the database folders is longer than 120 columns', () => {
    expect(sqlFolders.flatMap((folder) => linesOver(120, `${folder}/**/*.ts`))).toEqual([])
  })

  test('no file has a name that says nothing', () => {
    const banned = /\/(utils?|helpers?|common|shared|types|interfaces|lib)(\.ts|\/)/
    expect(sources('{apps,packages}/*/src/**/*.ts').filter((path) => banned.test(path))).toEqual([])
  })

  test('a delivery’s state is written in these places only', () => {
    const writers = sources('{apps,packages}/*/src/**/*.ts').filter((path) => {
      const text = read(path)
      return (
        /(insert into|update) deliveries|prisma\.delivery\.(create|update|upsert)/.test(text) &&
        !/test-kit|e2e\//.test(path)
      )
    })
    expect(writers.map((path) => path.split('/').at(-1) ?? '').toSorted()).toEqual([
      'begin-members.ts',
      'claim-delivery.ts',
      'erase-visitor.ts',
      'feed-operation.ts',
      'record-attempt.ts',
      'release-claim.ts',
      'replay-delivery.ts',
      'reseal-secrets.ts',
      'save-alert.ts',
      'save-delivery.ts',
      'sweep-due.ts',
      'sweep-resumed.ts',
    ])
    for (const file of ['attempts/sweep-due', 'attempts/sweep-resumed', 'destinations/reseal-secrets'])
      expect(read(`packages/infrastructure/src/database/${file}.ts`)).not.toMatch(/state\s*=/)
  })

  test('nothing but the verdict and the destinations decides a retry', () => {
    const deciders = sources('{apps,packages}/*/src/**/*.ts').filter((path) =>
      /decision: '(retry|give_up)'/.test(read(path)),
    )
    expect(
      deciders.filter((path) => !/delivery\/src\/(deliver\/verdict\.ts|destinations\/)/.test(path)),
    ).toEqual([])
  })
})

describe('the states', () => {
  test('are drawn in ARCHITECTURE.md as they are', () => {
    const [, diagram = ''] = /stateDiagram-v2\n([^`]+)```/.exec(read('ARCHITECTURE.md')) ?? []
    const drawn = [...diagram.matchAll(/^ {2}(\w+) --> (\w+)$/gm)].map(([, from, to]) => `${from} → ${to}`)
    const moves = deliveryStates.flatMap((from) => legalMoves[from].map((to) => `${from} → ${to}`))
    expect(drawn.toSorted()).toEqual(moves.toSorted())
  })

  test('are the ones the database allows', () => {
    const [, list = ''] =
      /"state" IN \(([^)]+)\)/.exec(read('prisma/migrations/20261123000000_init/migration.sql')) ?? []
    expect(list.replaceAll("'", '').split(', ')).toEqual([...deliveryStates])
  })
})
