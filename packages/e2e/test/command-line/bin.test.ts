import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const repository = join(import.meta.dirname, '../../../..')

test('the bin that npx runs in a checkout prints only its version', async () => {
  const { bin, version } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
    bin: { ghostpost: string }
    version: string
  }
  const run = promisify(execFile)
  const { stdout } = await run(process.execPath, [join(repository, bin.ghostpost), '--version'])
  expect(stdout).toBe(`${version}\n`)
})
