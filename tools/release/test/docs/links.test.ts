import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { anchorsIn, linksIn, pages, readPage, repository } from '../../src/docs/markdown.ts'

/** The links of a page whose target does not exist. */
function brokenLinks(page: string, text: string): string[] {
  return linksIn(text)
    .filter((link) => !/^(https?|mailto):/.test(link))
    .filter((link) => {
      const [path = '', anchor] = link.split('#')
      const target = path === '' ? page : join(dirname(page), path)
      if (target !== page && !existsSync(join(repository, target))) return true
      if (anchor === undefined) return false
      return !anchorsIn(target === page ? text : readPage(target)).has(anchor)
    })
}

test('the main pages are checked', () => {
  expect(pages).toEqual(
    expect.arrayContaining(['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'docs/upgrading.md']),
  )
})

test.each(pages)('%s links only to existing pages and headings', (page) => {
  expect(brokenLinks(page, readPage(page))).toEqual([])
})

test('every page can be reached from the README', () => {
  const reached = new Set<string>()
  const visit = (page: string): void => {
    if (reached.has(page) || !pages.includes(page)) return
    reached.add(page)
    for (const link of linksIn(readPage(page))) {
      const target = join(dirname(page), link.split('#')[0] ?? '')
      visit(pages.includes(target) ? target : join(target, 'README.md'))
      for (const inside of pages.filter((one) => `${dirname(one)}/` === target)) visit(inside)
    }
  }
  visit('README.md')
  // GitHub itself links to these pages.
  const elsewhere = new Set(['SECURITY.md', 'CONTRIBUTING.md', 'CHANGELOG.md'])
  expect(pages.filter((page) => !reached.has(page) && !elsewhere.has(page))).toEqual([])
})

describe('a link', () => {
  const text = '# One\n\n## Two `words`, and *more*\n\n## Two `words`, and *more*\n'

  test.each([
    '[a](README.md)',
    '[a](README.md#two-commands)',
    '[a](#one)',
    '[a](#two-words-and-more-1)',
    '[a](https://example.com/x#y)',
    '```md\n[a](nowhere.md)\n```',
    '`[a](nowhere.md)`',
  ])('may be %s', (link) => expect(brokenLinks('x.md', text + link)).toEqual([]))

  test.each([
    '[a](nowhere.md)',
    '[a](README.md#nowhere)',
    '[a](#two)',
    '![a](docs/images/no.png)',
    '<img src="no.png">',
  ])('may not be %s', (link) => expect(brokenLinks('x.md', text + link)).toHaveLength(1))
})
