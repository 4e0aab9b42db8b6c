import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findRedis } from '@ghostpost/local-services'
import { afterEach, beforeEach, expect, test } from 'vitest'

const run = promisify(execFile)
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ghostpost-redis-'))
})

afterEach(() => rm(folder, { recursive: true }))

test('an installed server is used', async () => {
  const server = join(folder, 'valkey-server')
  await writeFile(server, '#!/bin/sh\necho v=8\n')
  await chmod(server, 0o755)
  expect(await findRedis({ unpackDir: folder, path: folder })).toEqual({
    server,
    env: {},
    description: 'valkey-server of this machine',
  })
})

test('an installed server that does not run is ignored', async () => {
  const server = join(folder, 'redis-server')
  await writeFile(server, '#!/bin/sh\nexit 1\n')
  await chmod(server, 0o755)
  expect((await findRedis({ unpackDir: join(folder, 'unpacked'), path: folder }))?.server).not.toBe(server)
})

test.runIf(existsSync('/usr/bin/apt-get'))(
  'if none is installed, a server of the distribution is unpacked once',
  async () => {
    const logged: string[] = []
    const find = () =>
      findRedis({ unpackDir: join(folder, 'unpacked'), path: '', log: (line) => void logged.push(line) })
    const found = await find()
    expect(logged.filter((line) => line.startsWith('getting Redis'))).toHaveLength(1)
    const { stdout } = await run(found?.server ?? '', ['--version'], { env: { ...found?.env } })
    expect(stdout).toMatch(/^(Redis|Valkey) server v=\d+/)
    await find()
    expect(logged.filter((line) => line.startsWith('getting Redis'))).toHaveLength(1)
  },
  120_000,
)
