import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { dashboardFolder } from '../build/build-dashboard.ts'

const shellBytesMax = 150_000

const page = (): Promise<string> => readFile(join(dashboardFolder, 'index.html'), 'utf8')

test('the files that every page loads are at most 150 kB, compressed', async () => {
  const names = [...(await page()).matchAll(/(?:src|href)="\/ops\/([^"]+\.(?:js|css))"/g)].map(
    ([, name]) => name ?? '',
  )
  expect(names.length).toBeGreaterThanOrEqual(3)
  const sizes = await Promise.all(
    names.map(async (name) => gzipSync(await readFile(join(dashboardFolder, name)), { level: 9 }).length),
  )
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(shellBytesMax)
})

test('the page has no inline code and loads nothing from another origin', async () => {
  const text = await page()
  expect(text).not.toMatch(/<style|style=|\son\w+=|https?:\/\//)
  expect([...text.matchAll(/<script\b[^>]*>([^<]*)/g)].filter(([, inside]) => inside !== '')).toEqual([])
})
