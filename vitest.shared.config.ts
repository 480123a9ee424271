import type { ViteUserConfig } from 'vitest/config';

/** What all runs share. */
export const shared = {
  // Vite would take graphql's ES modules here while Node gives its CommonJS ones to libraries: two copies, whose types are not equal.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: { pool: 'forks', reporters: ['default', './test/support/summary-reporter.ts'] },
} satisfies ViteUserConfig;
