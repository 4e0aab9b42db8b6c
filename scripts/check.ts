import { spawnSync } from 'node:child_process'

/** Checks of the code and its dependencies that do not run it. Each step runs even when an earlier one failed. */
const steps: readonly (readonly [name: string, file: string, args: readonly string[]])[] = [
  ['format', 'node_modules/oxfmt/bin/oxfmt', ['--check']],
  ['lint and dependency rules', 'node_modules/oxlint/bin/oxlint', ['--type-aware', '--deny-warnings']],
  ['types', 'node_modules/typescript/bin/tsc', ['-p', 'tsconfig.json']],
  ['types of the dashboard', 'node_modules/typescript/bin/tsc', ['-p', 'apps/dashboard/tsconfig.json']],
  ['unused code', 'node_modules/knip/bin/knip.js', []],
  ['the OpenAPI document', 'tools/release/src/open-api/check-open-api.ts', []],
  ['licences of shipped packages', 'tools/release/src/supply-chain/check-licences.ts', []],
  ['advisories for shipped packages', 'tools/release/src/supply-chain/check-advisories.ts', []],
]

const failed = steps.filter(([name, file, args]) => {
  const startedAt = performance.now()
  const { status, error } = spawnSync(process.execPath, [file, ...args], { stdio: 'inherit' })
  if (error) console.error(error.message)
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1)
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)`)
  return status !== 0
})

console.log(`checks: ${steps.length - failed.length} passed, ${failed.length} failed`)
process.exit(failed.length === 0 ? 0 : 1)
