import { existsSync, globSync } from 'node:fs'
import { join } from 'node:path'
import { auditActions } from '@ghostpost/delivery/contract/audit'
import { DestinationBody } from '@ghostpost/delivery/contract/destination'
import { ExportBody } from '@ghostpost/delivery/contract/webhook'
import { exitCodes } from '@ghostpost/cli/exit-codes'
import { commandLineVariables } from '@ghostpost/cli/variables'
import { fileVariables, settingDefinitions } from '@ghostpost/infrastructure/config'
import { Value } from 'typebox/value'
import { describe, expect, test } from 'vitest'
import { destinationTypes } from '@ghostpost/delivery/destinations'
import { pages, readPage as read, repository } from '../../src/docs/markdown.ts'

describe.each(pages)('%s', (page) => {
  test('names only existing files', () => {
    const named = [
      ...read(page).matchAll(
        /`((?:apps|packages|prisma|scripts|deploy)\/[\w./-]+\.(?:ts|mjs|sql|json|prisma|yaml|sh))`/g,
      ),
    ]
    expect(named.map(([, path]) => path ?? '').filter((path) => !existsSync(join(repository, path)))).toEqual(
      [],
    )
  })

  test('names only existing settings', () => {
    const named = read(page).match(/GHOSTPOST_[A-Z_]+[A-Z]/g) ?? []
    const known = new Set([
      ...Object.keys(settingDefinitions),
      ...Object.keys(commandLineVariables),
      ...fileVariables,
    ])
    expect(named.filter((name) => !known.has(name))).toEqual([])
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

test('docs/security.md names every action of the audit log', () => {
  const page = read('docs/security.md')
  expect(auditActions.filter((action) => !page.includes(`\`${action}\``))).toEqual([])
})

describe('docs/reliability.md', () => {
  const promises = [...read('docs/reliability.md').matchAll(/^\| (.+) \| (.+) \|$/gm)]
    .map(([, promise = '', tests = '']) => ({ promise, tests }))
    .filter(({ promise, tests }) => /test|suite/.test(tests) && promise !== 'promise')

  test.each(promises)('names an existing test for: $promise', ({ tests }) => {
    const files = [...tests.matchAll(/`([^`]+\.test\.ts)`/g)].map(([, path = '']) => path)
    expect(files.length > 0 || tests.includes('the fault suite')).toBe(true)
    const named = [...tests.matchAll(/`([^`]+\.test\.ts)` \("(.+?)"\)(?=[,;]|$)/g)]
    expect(named.map(([, path]) => path)).toEqual(files)
    const missing = named.flatMap(([, path = '', list = '']) =>
      list.split('", "').filter((name) => !read(path).includes(name)),
    )
    expect(missing).toEqual([])
  })

  test('has more than twenty promises with a test', () => {
    expect(promises.length).toBeGreaterThan(20)
  })
})

test.each(Object.entries(destinationTypes))(
  'docs/destinations/%s.md lists every cause of its type',
  (tool, { causes }) => {
    expect(causes.length).toBeGreaterThan(9)
    const page = read(`docs/destinations/${tool}.md`)
    expect(causes.filter((cause) => !page.includes(`\`${cause}\``))).toEqual([])
  },
)

describe.each(globSync('docs/destinations/*.md', { cwd: repository }))('%s', (page) => {
  const bodies = [
    ...read(page).matchAll(/\/api\/(destinations|webhook)"(?:[^\n\\]|\\\n)*-d '([^']+(?:'\$ID'[^']*)?)'/g),
  ]

  test('has only calls with valid bodies', () => {
    const schemas = { destinations: DestinationBody, webhook: ExportBody }
    for (const [, path, text] of bodies) {
      const body: unknown = JSON.parse((text ?? '').replace("'$ID'", '0190a000-0000-7000-8000-000000000000'))
      const schema = schemas[path as keyof typeof schemas]
      expect({ text, errors: [...Value.Errors(schema, body)] }).toEqual({ text, errors: [] })
    }
    expect(bodies.length > 1 || page.endsWith('README.md')).toBe(true)
  })
})
