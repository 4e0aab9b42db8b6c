import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const source = join(import.meta.dirname, '../src/as-nobody.ts')
const isRoot = process.getuid?.() === 0
const mayNest = spawnSync('unshare', ['-U', '-r', 'true']).status === 0

/** Runs it as a root that may create no further user namespace. */
function asNobodyWithoutNamespaces(): string {
  const program = `import(${JSON.stringify(source)}).then(({ asNobody }) => asNobody("postgres", []))`
  const script = `echo 0 > /proc/sys/user/max_user_namespaces && exec "$0" --input-type=module -e '${program}'`
  const { stderr } = spawnSync('unshare', ['-U', '-r', 'sh', '-c', script, process.execPath], {
    encoding: 'utf8',
  })
  return stderr
}

test.skipIf(!isRoot || !mayNest)('root without user namespaces is told what to do', () => {
  const error = asNobodyWithoutNamespaces()
  expect(error).toContain('Start as an ordinary user, or set DATABASE_URL')
  expect(error).not.toContain('unshare failed')
})
