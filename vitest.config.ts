import { join } from 'node:path'
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'

/** Test files that need neither a store nor a running API or worker. */
const rules = [
  'packages/delivery/test/**/*.test.ts',
  'packages/infrastructure/test/{batching,config,secrets}/**/*.test.ts',
  'packages/infrastructure/test/call-limits/local-counts.test.ts',
  'packages/infrastructure/test/database/connection/database-{clock,error}.test.ts',
  'packages/infrastructure/test/queue/shards.test.ts',
  'packages/infrastructure/test/telemetry/{cached-read,document-metrics,logger}.test.ts',
  'packages/e2e/test/processes/architecture.test.ts',
  'packages/e2e/test/telemetry/operators-files.test.ts',
  'apps/api/test/**/*.test.ts',
  'apps/worker/test/**/*.test.ts',
  'tools/bench/test/{fairness,figures,open-loop,report,scaling,store-counters}.test.ts',
  'tools/chaos/test/{check-history,random,reaper}.test.ts',
  'tools/simulation/test/**/*.test.ts',
  'tools/release/test/docs/{commands,documents,generated,links}.test.ts',
  'tools/release/test/upgrade/migrations.test.ts',
]
const dashboard = ['apps/dashboard/test/**/*.test.ts']
const stores = [
  'packages/infrastructure/test/**/*.test.ts',
  'packages/{local-services,test-kit}/test/**/*.test.ts',
  'tools/model/test/**/*.test.ts',
]
const browser = ['packages/e2e/test/dashboard/**/*.test.ts']
/** Test files that replace a module, which others of their process may have loaded. */
const mocks = [
  'packages/infrastructure/test/accounts/{password,password-checks}.test.ts',
  'packages/infrastructure/test/telemetry/metrics-token.test.ts',
]

const storesSetup = 'packages/test-kit/src/global-setup.ts'
const dashboardSetup = 'apps/dashboard/build/global-setup.ts'
const programsSetup = 'tools/release/src/programs/global-setup.ts'
/** Kills what a failed test file left running. */
const setupFiles = ['packages/test-kit/src/processes/kill-after-file.ts']

// Tests and the tools they start keep compiled code here.
process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, '.data/compile-cache')

/** Pure tests run first. They compute all the time, so there is one worker per core of a small machine. */
const first = { isolate: false, maxWorkers: 2, sequence: { groupOrder: 0 } }
/**
 * The other tests wait for stores and processes, so there is one worker more than cores. Files share a worker and its
 * modules: a process of its own for each file costs more than most files.
 */
const second = { isolate: false, maxWorkers: 3, sequence: { groupOrder: 1 }, setupFiles }

export default defineConfig({
  test: {
    pool: 'forks',
    // Limits for a hung test, not for a slow machine: a test may wait twice for a condition (wait-until.ts).
    testTimeout: 180_000,
    hookTimeout: 240_000,
    passWithNoTests: false,
    projects: [
      project('rules', { include: rules, ...first }),
      project('dashboard', { include: dashboard, ...first }),
      project('mocks', { include: mocks, ...second, isolate: true }),
      project('stores', {
        include: stores,
        exclude: [...rules, ...mocks],
        globalSetup: [storesSetup],
        ...second,
      }),
      project('processes', {
        include: ['{apps,packages,tools}/*/test/**/*.test.ts'],
        exclude: [...rules, ...dashboard, ...stores, ...browser],
        globalSetup: [storesSetup, dashboardSetup, programsSetup],
        ...second,
      }),
      project('browser', {
        include: browser,
        globalSetup: [storesSetup, dashboardSetup, programsSetup],
        ...second,
      }),
    ],
  },
})

function project(name: string, test: TestProjectInlineConfiguration['test']): TestProjectInlineConfiguration {
  return { extends: true, test: { name, ...test } }
}
