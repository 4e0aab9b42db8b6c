import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { entryOf } from '@ghostpost/test-kit/processes/start-process'
import { expect, test } from 'vitest'
import { bundlePrograms } from '../../src/programs/bundle-programs.ts'

const programs = [entryOf('api'), entryOf('worker')]

test('the tests start the programs that the image starts', () => {
  const image = readFileSync(join(import.meta.dirname, '../../../../Dockerfile'), 'utf8')
  expect(programs.map((program) => /apps\/.*$/.exec(program)?.[0])).toEqual([
    'apps/api/dist/programs/main.js',
    'apps/worker/dist/programs/main.js',
  ])
  expect(image).toContain('CMD ["node", "apps/api/dist/programs/main.js"]')
})

test('a program that is started with a preload runs from its sources, whose modules the preload may change', () => {
  expect(entryOf('api', ['data:text/javascript,'])).toMatch(/apps\/api\/src\/main\.ts$/)
})

test('programs are not built again while their sources are the same', async () => {
  expect(await bundlePrograms()).toBe(false)
})
