import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{shared,electron,renderer,resources/demo-agent,bench,scripts,e2e}/**/*.test.{ts,tsx,mjs}'],
    setupFiles: ['scripts/lib/test-seed.mjs'],
    // Real processes, real git and real terminals: slow on a loaded two-core machine, so time-outs are generous.
    // They only end a hang; no test asserts a duration.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // As for the end-to-end tests: a loaded machine may hold a real process up beyond every time-out. What fails twice
    // fails.
    retry: 1,
    pool: 'forks',
    maxWorkers: 2,
  },
})
