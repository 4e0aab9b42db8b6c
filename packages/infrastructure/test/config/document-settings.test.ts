import { join } from 'node:path'
import { expect, test } from 'vitest'
import { configurationPage, exampleEnvironment } from './document-settings.ts'

const repository = join(import.meta.dirname, '../../../..')

test('docs/configuration.md matches the schema', async () => {
  await expect(configurationPage()).toMatchFileSnapshot(join(repository, 'docs/configuration.md'))
})

test('.env.example matches the schema', async () => {
  await expect(exampleEnvironment()).toMatchFileSnapshot(join(repository, '.env.example'))
})
