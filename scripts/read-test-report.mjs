// Prints each skipped test with its reason; the last line is the number of passed and of failed tests.
// Usage: node scripts/read-test-report.mjs <vitest's JSON report> <output of `git rev-parse --is-shallow-repository`>
import { readFileSync } from 'node:fs'
import { relative } from 'node:path'

const reasons = [
  [/\/dashboard\//, 'no Chromium on this machine'],
  [/\/quickstarts\.test\.ts$/, 'this machine lacks a shell tool that the pages use'],
  [/\/signatures\.test\.ts$/, 'this machine lacks the language or the packages that the page names'],
  [/\/upgrade\.test\.ts$/, 'this clone lacks the previous release: clone with all history'],
  [/\/(malicious-receivers|process-usage)\.test\.ts$/, 'only Linux reports this'],
  [/\/find-redis\.test\.ts$/, 'only with apt-get'],
]
const upgrade = /\/upgrade\.test\.ts$/

const [file = '', isShallow] = process.argv.slice(2)
const { testResults = [], numPassedTests = 0, numFailedTests = 0 } = readReport(file)
const skipped = testResults.flatMap(({ name, assertionResults }) =>
  assertionResults
    .filter(({ status }) => status !== 'passed' && status !== 'failed')
    .map(({ fullName }) => ({ path: relative(process.cwd(), name), fullName })),
)
for (const { path, fullName } of skipped) {
  const [, why = 'no known reason'] = reasons.find(([where]) => where.test(path)) ?? []
  console.log(`skipped: ${path}: ${fullName} (${why})`)
}
// A shallow clone lacks the previous release; every other clone has it.
const isUpgradeSkipped = isShallow === 'false' && skipped.some(({ path }) => upgrade.test(path))
if (isUpgradeSkipped) console.log('failed: the upgrade test was skipped, although this clone has all history')
console.log(`${numPassedTests} ${numFailedTests + (isUpgradeSkipped ? 1 : 0)}`)

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return {}
  }
}
