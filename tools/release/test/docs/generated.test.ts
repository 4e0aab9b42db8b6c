import { join } from 'node:path'
import { routes } from '@ghostpost/api/routes'
import { apiErrors } from '@ghostpost/delivery/contract/errors'
import { expect, test } from 'vitest'
import { destinationTypes } from '@ghostpost/delivery/destinations'
import { readPage, repository } from '../../src/docs/markdown.ts'
import { apiReferencePage } from './api-reference-page.ts'
import { errorsPage } from './errors-page.ts'

test('docs/errors.md matches the contract and the rules', async () => {
  await expect(errorsPage()).toMatchFileSnapshot(join(repository, 'docs/errors.md'))
})

test('docs/api-reference.md matches the route table', async () => {
  await expect(apiReferencePage()).toMatchFileSnapshot(join(repository, 'docs/api-reference.md'))
})

test('docs/errors.md has every code, each with a remedy', () => {
  const rows = new Map(
    [...errorsPage().matchAll(/^\| `([a-z_]+)` \|.*\| ([^|]+) \|$/gm)].map(([, code = '', remedy = '']) => [
      code,
      remedy,
    ]),
  )
  expect(Object.keys(apiErrors).filter((code) => !rows.has(code))).toEqual([])
  expect(destinationTypes.custom.causes.filter((code) => !rows.has(code))).toEqual([])
  expect([...rows].filter(([, remedy]) => remedy.trim().length < 8)).toEqual([])
  const page = errorsPage()
  const ofTools = Object.values(destinationTypes).flatMap(({ causes }) => causes)
  expect(ofTools.length).toBeGreaterThan(80)
  expect(ofTools.filter((code) => !page.includes(`\`${code}\``))).toEqual([])
})

test('docs/api.md shows every call that changes or sends something', () => {
  const page = readPage('docs/api.md')
  const changing = routes.filter(({ method, url }) => method !== 'GET' && url.startsWith('/api/'))
  const mentions = changing.filter(({ url }) => {
    const words = url
      .replace('/api/', '')
      .split('/')
      .filter((word) => !word.startsWith(':'))
    return !words.every((word) => page.includes(word))
  })
  expect(mentions.map(({ method, url }) => `${String(method)} ${url}`)).toEqual([])
})
