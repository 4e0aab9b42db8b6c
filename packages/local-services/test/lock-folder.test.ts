import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, isPortFree, lockFolder } from '@ghostpost/local-services'
import { createServer } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'

let folder: string
let file: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ghostpost-lock-'))
  file = join(folder, 'start.lock')
})

afterEach(() => rm(folder, { recursive: true }))

test('a lock cannot be taken again until it is released', async () => {
  const lock = await lockFolder(file)
  await expect(lockFolder(file)).rejects.toThrow(`already running from this folder (process ${process.pid})`)
  await lock.release()
  const again = await lockFolder(file)
  await again.release()
  expect(existsSync(file)).toBe(false)
})

test('one of several concurrent attempts gets the lock', async () => {
  const results = await Promise.allSettled([1, 2, 3, 4, 5].map(() => lockFolder(file)))
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
})

test('the lock of a process that has ended is taken over', async () => {
  const child = spawn(process.execPath, ['-e', ''])
  await once(child, 'exit')
  await writeFile(file, `${child.pid} 12345`)
  await expect(lockFolder(file)).resolves.toBeDefined()
})

test('the lock of a process id that now belongs to another process is taken over', async () => {
  await writeFile(file, `${process.pid} 1`)
  await expect(lockFolder(file)).resolves.toBeDefined()
})

test('a port is free until a process listens on it', async () => {
  const port = await freePort()
  expect(await isPortFree(port)).toBe(true)
  const server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  expect(await isPortFree(port)).toBe(false)
  server.close()
})
