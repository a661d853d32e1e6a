import { configDefaults, defineConfig } from 'vitest/config'

const tests = '**/*.test.{ts,tsx,mjs}'

/**
 * Tests of processes, terminals, git and whole apps: what one of them leaves behind must not meet another. And those of
 * views, whose made-up rows are as old as the process is.
 */
const apart = [
  `electron/{cli,hosts,pty-host}/${tests}`,
  `electron/backend/adapters/{git,pty}/${tests}`,
  `electron/backend/features/{radar,sessions,worktrees}/${tests}`,
  `e2e/${tests}`,
  'renderer/**/*.test.tsx',
]

export default defineConfig({
  test: {
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
    projects: [
      { extends: true, test: { name: 'apart', include: apart } },
      {
        extends: true,
        test: {
          name: 'together',
          include: [`{shared,electron,renderer,resources/demo-agent,bench,scripts}/${tests}`],
          exclude: [...configDefaults.exclude, ...apart],
          // Two hundred files of small tests: a process for each, which loads the same modules, costs more than they do.
          isolate: false,
        },
      },
    ],
  },
})
