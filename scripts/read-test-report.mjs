// Names what a test run skipped, and why where that is known; its last line is how many passed and failed.
// Usage: node scripts/read-test-report.mjs <vitest's JSON report> <what `git rev-parse --is-shallow-repository` says>
import { readFileSync } from 'node:fs'
import { relative } from 'node:path'

const reasons = [
  [/\/dashboard\//, 'no Chromium on this machine'],
  [/\/quickstarts\.test\.ts$/, 'a shell tool the pages use is not on this machine'],
  [/\/signatures\.test\.ts$/, 'no such language, or none with the packages the page names, on this machine'],
  [/\/upgrade\.test\.ts$/, 'this clone does not have the previous release: clone with all history'],
  [/\/(malicious-receivers|process-usage)\.test\.ts$/, 'only Linux tells this'],
  [/\/find-redis\.test\.ts$/, 'only where apt-get is'],
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
  const [, why = 'it does not say why'] = reasons.find(([where]) => where.test(path)) ?? []
  console.log(`skipped: ${path}: ${fullName} (${why})`)
}
// A shallow clone cannot have the previous release; any other has no excuse.
const isUpgradeMissed = isShallow === 'false' && skipped.some(({ path }) => upgrade.test(path))
if (isUpgradeMissed) console.log('failed: the upgrade was not tried, though this clone has all history')
console.log(`${numPassedTests} ${numFailedTests + (isUpgradeMissed ? 1 : 0)}`)

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return {}
  }
}
