import { defineConfig } from 'vitest/config'

const patient = { testTimeout: 60_000, hookTimeout: 60_000 }

export default defineConfig({
  test: {
    reporters: ['default', './scripts/testing/closing-reporter.mjs'],
    projects: [
      { test: { name: 'telltale', root: 'packages/telltale', include: ['src/**/*.test.ts'] } },
      {
        test: {
          name: 'telltale-whole',
          root: 'packages/telltale',
          include: ['test/**/*.test.ts'],
          ...patient,
        },
      },
      {
        test: {
          name: 'eslint-plugin',
          root: 'packages/eslint-plugin',
          include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
          ...patient,
        },
      },
      { test: { name: 'cli', root: 'packages/cli', include: ['src/**/*.test.ts'] } },
      { test: { name: 'cli-whole', root: 'packages/cli', include: ['test/**/*.test.ts'], ...patient } },
      {
        test: {
          name: 'assessments',
          root: 'examples/assessments',
          include: ['**/*.test.ts'],
          exclude: ['dist', 'node_modules'],
          ...patient,
        },
      },
      { test: { name: 'bench', root: 'bench', include: ['**/*.test.mjs'], ...patient } },
      { test: { name: 'scripts', root: 'scripts', include: ['**/*.test.mjs'], ...patient } },
    ],
  },
})
