import { join } from 'node:path'
import { expect, test } from 'vitest'
import { configurationPage, exampleEnvironment } from './document-settings.ts'

const repository = join(import.meta.dirname, '../../../..')

test('docs/configuration.md says what the schema says', async () => {
  await expect(configurationPage()).toMatchFileSnapshot(join(repository, 'docs/configuration.md'))
})

test('.env.example lists what the schema lists', async () => {
  await expect(exampleEnvironment()).toMatchFileSnapshot(join(repository, '.env.example'))
})
