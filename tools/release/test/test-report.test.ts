import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const repository = join(import.meta.dirname, '../../..')
let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ghostpost-report-'))
})

afterAll(() => rmSync(folder, { recursive: true }))

/** Output of read-test-report.mjs for a run that skipped one test in each of these files. */
function reportLines(skippedIn: readonly string[], isShallow: string): string[] {
  const testResults = skippedIn.map((path) => ({
    name: join(repository, path),
    assertionResults: [
      { fullName: 'a group one', status: 'passed' },
      { fullName: 'a group two', status: 'skipped' },
    ],
  }))
  const file = join(folder, 'report.json')
  writeFileSync(file, JSON.stringify({ numPassedTests: 7, numFailedTests: 1, testResults }))
  return run(file, isShallow)
}

function run(file: string, isShallow: string): string[] {
  const program = join(repository, 'scripts/read-test-report.mjs')
  const output = execFileSync(process.execPath, [program, file, isShallow], { cwd: repository })
  return String(output).trimEnd().split('\n')
}

const upgrade = 'tools/release/test/upgrade/upgrade.test.ts'

describe('the summary of a run of all tests', () => {
  test('names each skipped test, with its reason if it is known', () => {
    expect(reportLines(['packages/e2e/test/dashboard/alerts.test.ts', 'apps/x.test.ts'], 'false')).toEqual([
      'skipped: packages/e2e/test/dashboard/alerts.test.ts: a group two (no Chromium on this machine)',
      'skipped: apps/x.test.ts: a group two (no known reason)',
      '7 1',
    ])
  })

  test('fails when the upgrade test was skipped in a clone with all history', () => {
    expect(reportLines([upgrade], 'false').slice(1)).toEqual([
      'failed: the upgrade test was skipped, although this clone has all history',
      '7 2',
    ])
    expect(reportLines([upgrade], 'true').at(-1)).toBe('7 1')
  })

  test('counts no test of a run without a report', () => {
    expect(run(join(folder, 'nothing.json'), 'false')).toEqual(['0 0'])
  })
})
