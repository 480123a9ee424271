import type { ViteUserConfig } from 'vitest/config';

/** What all runs share. */
export const shared = {
  // Vite would take graphql's ES modules here while Node gives its CommonJS ones to libraries: two copies, whose types are not equal.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    pool: 'forks',
    reporters: ['default', './test/support/summary-reporter.ts'],
    // The SDK's notice of when it drops Node 20 would stand between the results of every file.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
  },
} satisfies ViteUserConfig;
