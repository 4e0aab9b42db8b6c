import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['apps/*/test/**/*.test.ts', 'packages/*/test/**/*.test.ts', 'tools/*/test/**/*.test.ts'],
    // A real Postgres and a real Redis, and the dashboard as it is built, for all files together.
    globalSetup: ['packages/test-kit/src/global-setup.ts', 'apps/dashboard/build/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Node runs the sources as they are; tests do the same.
    passWithNoTests: false,
  },
})
