import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { apiErrors, DestinationBody, ExportBody } from '@ghostpost/delivery/contract'
import { exitCodes } from '@ghostpost/cli/exit-codes'
import { commandLineVariables } from '@ghostpost/cli/variables'
import { settingDefinitions } from '@ghostpost/infrastructure'
import { Value } from 'typebox/value'
import { describe, expect, test } from 'vitest'

const repository = join(import.meta.dirname, '../../..')
const pages = globSync(['*.md', 'docs/**/*.md'], { cwd: repository })
const read = (path: string): string => readFileSync(join(repository, path), 'utf8')

describe.each(pages)('%s', (page) => {
  test('links only to what is there', () => {
    const links = [...read(page).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, link]) => link ?? '')
    const broken = links.filter(
      (link) => !/^https?:/.test(link) && !existsSync(join(repository, dirname(page), link)),
    )
    expect(broken).toEqual([])
  })

  test('names only files that are there', () => {
    const named = [
      ...read(page).matchAll(/`((?:apps|packages|prisma|scripts)\/[\w./-]+\.(?:ts|mjs|sql|json|prisma))`/g),
    ]
    expect(named.map(([, path]) => path ?? '').filter((path) => !existsSync(join(repository, path)))).toEqual(
      [],
    )
  })

  test('names only settings there are', () => {
    const named = read(page).match(/GHOSTPOST_[A-Z_]+[A-Z]/g) ?? []
    expect(named.filter((name) => !(name in settingDefinitions || name in commandLineVariables))).toEqual([])
  })

  test('names only npm scripts there are', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const named = [...read(page).matchAll(/`?npm (?:run )?(?:-s )?(start|test|check|[a-z]+)\b/g)].map(
      ([, name]) => name ?? '',
    )
    expect(named.filter((name) => !(name in scripts))).toEqual([])
  })
})

test('docs/command-line.md lists every command, exit code and variable', () => {
  const commands = globSync('apps/cli/src/{commands/*,define-command}.ts', { cwd: repository }).flatMap(
    (path) => [...read(path).matchAll(/usage: '([^']+)'/g)].map(([, usage]) => usage ?? ''),
  )
  expect(commands.length).toBeGreaterThan(25)
  const page = read('docs/command-line.md')
  expect(commands.filter((usage) => !page.includes(`${usage}\` |`))).toEqual([])
  const named = [...Object.values(exitCodes).map(String), ...Object.keys(commandLineVariables)]
  expect(named.filter((name) => !new RegExp(`^\\| \`?${name}\`? \\|`, 'm').test(page))).toEqual([])
})

test('docs/api.md lists every error code with its status and what to do', () => {
  const rows = Object.entries(apiErrors).map(
    ([code, { status, remedy }]) => `| \`${code}\` | ${status} | ${remedy} |`,
  )
  expect(read('docs/api.md')).toContain(rows.join('\n'))
})

describe('docs/reliability.md', () => {
  const promises = [...read('docs/reliability.md').matchAll(/^\| (.+) \| (.+) \|$/gm)]
    .map(([, promise = '', tests = '']) => ({ promise, tests }))
    .filter(({ promise, tests }) => /test|suite/.test(tests) && promise !== 'promise')

  test.each(promises)('names the test that would break for: $promise', ({ tests }) => {
    const files = [...tests.matchAll(/`([^`]+\.test\.ts)`/g)].map(([, path = '']) => path)
    expect(files.length > 0 || tests.includes('the fault suite')).toBe(true)
    const text = files.map((path) => read(path)).join('\n')
    const names = [...tests.matchAll(/\("([^)]+)"\)/g)].flatMap(([, list = '']) => list.split('", "'))
    expect(names.filter((name) => !text.includes(name))).toEqual([])
  })

  test('makes no promise without one', () => {
    expect(promises.length).toBeGreaterThan(20)
  })
})

const causesIn = (path: string): string[] => {
  const text = read(`packages/delivery/src/destinations/${path}.ts`)
  const whole = [...text.matchAll(/'((?:hubspot|salesforce)_[a-z_]+)'/g)].map(([, cause]) => cause ?? '')
  const prefix = path === 'judge-authorization' ? 'authorization' : 'salesforce'
  const rows = [...text.matchAll(/'(?:give_up|retry)',\s*'([a-z_]+)'/g)].map(
    ([, row]) => `${prefix}_${row ?? ''}`,
  )
  return [...whole, ...rows]
}

const quoted = /['"]((?:discord)_[a-z_]+)['"]/g
const chatCauses: readonly (readonly [string, (text: string) => string[]])[] = [
  ['custom', () => rowsOf('judge-by-status')],
  ['slack', (text) => [...text.matchAll(/^ {2}\[\s*'([a-z_]+)'/gm)].map(([, word]) => `slack_${word}`)],
  ['discord', (text) => [...text.matchAll(quoted)].map(([, cause]) => cause ?? '')],
]

const rowsOf = (path: string): string[] =>
  [
    ...read(`packages/delivery/src/destinations/${path}.ts`).matchAll(
      /'(?:give_up|retry|receiver_gone)',\s*'([a-z_]+)'/g,
    ),
  ].map(([, cause]) => cause ?? '')

test.each(chatCauses)('docs/destinations/%s.md lists every cause there is', (page, causesOf) => {
  const limited = new Set(['slack_rate_limited', 'slack_ratelimited'])
  const causes = causesOf(read(`packages/delivery/src/destinations/${page}.ts`)).filter(
    (one) => !limited.has(one),
  )
  expect(causes.length).toBeGreaterThan(9)
  const text = read(`docs/destinations/${page}.md`)
  expect(causes.filter((cause) => !text.includes(`\`${cause}\``))).toEqual([])
})

test.each([
  ['hubspot', ['hubspot', 'hubspot-crm']],
  ['salesforce', ['salesforce', 'salesforce-upsert', 'judge-authorization']],
])('docs/destinations/%s.md lists every cause there is', (page, sources) => {
  const causes = sources.flatMap(causesIn)
  expect(causes.length).toBeGreaterThan(10)
  const text = read(`docs/destinations/${page}.md`)
  expect(causes.filter((cause) => !text.includes(`\`${cause}\``))).toEqual([])
})

describe.each(globSync('docs/destinations/*.md', { cwd: repository }))('%s', (page) => {
  const bodies = [
    ...read(page).matchAll(/\/api\/(destinations|webhook)"(?:[^\n\\]|\\\n)*-d '([^']+(?:'\$ID'[^']*)?)'/g),
  ]

  test('has only calls whose bodies the API takes', () => {
    const schemas = { destinations: DestinationBody, webhook: ExportBody }
    for (const [, path, text] of bodies) {
      const body: unknown = JSON.parse((text ?? '').replace("'$ID'", '0190a000-0000-7000-8000-000000000000'))
      const schema = schemas[path as keyof typeof schemas]
      expect({ text, errors: [...Value.Errors(schema, body)] }).toEqual({ text, errors: [] })
    }
    expect(bodies.length > 1 || page.endsWith('README.md')).toBe(true)
  })
})
