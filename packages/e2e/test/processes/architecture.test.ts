import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { deliveryStates, legalMoves } from '@ghostpost/delivery/deliver'
import { describe, expect, test } from 'vitest'

const repository = join(import.meta.dirname, '../../../..')
const read = (path: string): string => readFileSync(join(repository, path), 'utf8')
const sources = (pattern: string): string[] =>
  globSync(pattern, { cwd: repository }).filter((path) => !/node_modules|generated/.test(path))

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

/** Folder and exports of our packages, by name. */
const packages = new Map(
  sources('packages/*/package.json').map((path) => {
    const { name, exports = {} } = JSON.parse(read(path)) as Manifest & { exports?: Record<string, string> }
    return [name, { folder: dirname(path), exports }]
  }),
)

/** Files that a file imports or exports from, type imports included; without packages from outside. */
function importsOf(file: string): string[] {
  const statements = read(file).matchAll(/^(?:import|export)\b[^;'"]*?['"]([^'"]+)['"]/gm)
  return [...statements].flatMap(([, specifier = '']) => resolveImport(file, specifier))
}

function resolveImport(file: string, specifier: string): string[] {
  if (specifier.startsWith('.')) return [join(dirname(file), specifier)]
  const [scope = '', name = '', ...rest] = specifier.split('/')
  const found = packages.get(`${scope}/${name}`)
  if (!found) return []
  const subpath = ['.', ...rest].join('/')
  return Object.entries(found.exports).flatMap(([pattern, target]) => {
    const [head = '', tail] = pattern.split('*')
    if (tail === undefined ? pattern !== subpath : !subpath.startsWith(head) || !subpath.endsWith(tail))
      return []
    return [join(found.folder, target.replace('*', subpath.slice(head.length)))]
  })
}

/** One line per cycle: the files on the way from a file back to itself. */
function cyclesOf(imports: ReadonlyMap<string, readonly string[]>): string[] {
  const cycles: string[] = []
  const finished = new Set<string>()
  const visit = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file)
    if (start >= 0) return void cycles.push([...path.slice(start), file].join(' -> '))
    if (finished.has(file)) return
    for (const next of imports.get(file) ?? []) visit(next, [...path, file])
    finished.add(file)
  }
  for (const file of imports.keys()) visit(file, [])
  return cycles
}

describe('the packages', () => {
  // Every package can import what the root lists, so the root lists no library.
  test('the root package lists only tools', () => {
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
  ])('%s depends only on packages that its layer allows', (folder, allowed) => {
    expect(ours(manifest(`${folder}/package.json`).dependencies)).toEqual(allowed)
  })

  test('the rules depend only on a schema library and an address parser', () => {
    expect(Object.keys(manifest('packages/delivery/package.json').dependencies ?? {})).toEqual([
      'ipaddr.js',
      'typebox',
    ])
  })
})

describe('the shape', () => {
  test('no line of source is longer than 120 columns, SQL and comments included', () => {
    expect(linesOver(120, '{apps,packages,tools}/*/{build,src,test}/**/*.{ts,tsx}')).toEqual([])
  })

  test('no file imports itself through other files, type imports included', () => {
    const files = sources('{apps,packages,tools}/**/*.{ts,tsx}')
    const imports = new Map(files.map((file) => [file, importsOf(file)]))
    expect(cyclesOf(imports)).toEqual([])
  })

  test('no file has a meaningless name', () => {
    const banned = /\/(utils?|helpers?|common|shared|types|interfaces|lib)(\.ts|\/)/
    expect(sources('{apps,packages}/*/src/**/*.ts').filter((path) => banned.test(path))).toEqual([])
  })

  test('only these files write a delivery’s state', () => {
    const writers = sources('{apps,packages}/*/src/**/*.ts').filter((path) => {
      const text = read(path)
      return (
        /(insert into|update) deliveries|prisma\.delivery\.(create|update|upsert)/.test(text) &&
        !/test-kit|e2e\//.test(path)
      )
    })
    expect(writers.map((path) => path.split('/').at(-1) ?? '').toSorted()).toEqual([
      'cancel-members.ts',
      'claim-delivery.ts',
      'erase-visitor.ts',
      'feed-operation.ts',
      'interrupted-claims.ts',
      'record-sql.ts',
      'release-claim.ts',
      'replay-delivery.ts',
      'reseal-secrets.ts',
      'save-alert.ts',
      'save-delivery.ts',
      'start-members.ts',
      'sweep-due.ts',
      'sweep-resumed.ts',
    ])
    for (const file of ['attempts/sweep-due', 'attempts/sweep-resumed', 'destinations/reseal-secrets'])
      expect(read(`packages/infrastructure/src/database/${file}.ts`)).not.toMatch(/state\s*=/)
  })

  test('only the verdict and the destinations decide on a retry', () => {
    const deciders = sources('{apps,packages}/*/src/**/*.ts').filter((path) =>
      /decision: '(retry|give_up)'/.test(read(path)),
    )
    expect(
      deciders.filter((path) => !/delivery\/src\/(deliver\/(judge|verdict)\.ts|destinations\/)/.test(path)),
    ).toEqual([])
  })
})

describe('the states', () => {
  test('are drawn correctly in ARCHITECTURE.md', () => {
    const [, diagram = ''] = /stateDiagram-v2\n([^`]+)```/.exec(read('ARCHITECTURE.md')) ?? []
    const drawn = [...diagram.matchAll(/^ {2}(\w+) --> (\w+)$/gm)].map(([, from, to]) => `${from} → ${to}`)
    const moves = deliveryStates.flatMap((from) => legalMoves[from].map((to) => `${from} → ${to}`))
    expect(drawn.toSorted()).toEqual(moves.toSorted())
  })

  test('are the states that the database allows', () => {
    const [, list = ''] =
      /"state" IN \(([^)]+)\)/.exec(read('prisma/migrations/20261123000000_init/migration.sql')) ?? []
    expect(list.replaceAll("'", '').split(', ')).toEqual([...deliveryStates])
  })
})

describe('a connection to a store', () => {
  const shipped = sources('{apps,packages}/*/src/**/*.ts').filter((path) => !/test-kit/.test(path))
  const usesOf = (pattern: RegExp): [path: string, text: string][] =>
    shipped.flatMap((path) =>
      [...read(path).matchAll(pattern)].map(([text]): [string, string] => [path, text]),
    )

  test('to Postgres has a listener for errors from its constructor', () => {
    const pools = usesOf(/new Pool\(\{[^}]*\}/g)
    expect(pools.length).toBeGreaterThan(1)
    expect(pools.filter(([, text]) => !text.includes('Client: ListenedClient'))).toEqual([])
    // Development only: they listen where they are made.
    const clients = usesOf(/new Client\(.*\n.*/g).filter(([, text]) => !text.includes(".on('error'"))
    expect(clients).toEqual([])
  })

  test('to Redis has one from its constructor', () => {
    const files = new Set(usesOf(/new Redis\(/g).map(([path]) => path.split('/').at(-1)))
    expect(files).toEqual(new Set(['cluster-slots.ts', 'open-redis.ts']))
  })
})
