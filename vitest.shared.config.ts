import type { ViteUserConfig } from 'vitest/config';

/** What all runs share. */
export const shared = {
  // Vite would take graphql's ES modules here while Node gives its CommonJS ones to libraries: two copies, whose types are not equal.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    pool: 'forks',
    // An event that a poll waits for comes late on a busy machine: the default of a second fails tests of processes there.
    expect: { poll: { timeout: 30_000 } },
    reporters: ['default', './test/support/summary-reporter.ts'],
    // The SDK's notice of when it drops Node 20 would stand between the results of every file.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  },
} satisfies ViteUserConfig;
