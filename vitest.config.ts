import { defineConfig } from 'vitest/config';
import { testEnvironment } from './build/lib/test-environment.mjs';

const env = testEnvironment();

/** Four kinds of tests, from the quickest to the slowest; `npm test -- unit core` runs some of them. */
export default defineConfig({
  test: {
    env,
    setupFiles: ['tests/fixtures/property-seed.ts'],
    // One limit for all, for what hangs: how long a test takes says more of the machine than of the product.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    // A poll ends as soon as it holds; its default of one second is less than a busy machine may need.
    expect: { poll: { timeout: 60_000 } },
    // The default leaves a core idle, which on two is half of them.
    maxWorkers: '100%',
    // Compiling the modules of the core takes longer than most of its tests: kept by their content, for all kinds and runs.
    experimental: { fsModuleCache: true, fsModuleCachePath: 'node_modules/.cache/portbook/modules' },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          // Pure functions leave nothing behind: one module graph serves all files, in a third of the time.
          isolate: false,
          include: ['shared/**/*.test.ts', 'renderer/**/*.test.{ts,tsx}'],
        },
      },
      {
        extends: true,
        test: {
          name: 'core',
          // Each test makes a core and a book of its own, so modules may be shared here too.
          isolate: false,
          include: ['electron/**/*.test.ts', 'platform/**/*.test.ts', 'build/**/*.test.ts', 'tests/core/**/*.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'faults',
          isolate: false,
          include: ['tests/faults/**/*.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'desk',
          include: ['tests/desk/**/*.test.ts'],
          fileParallelism: false,
          // Each file has a home and a window of its own.
          isolate: false,
        },
      },
    ],
  },
});
