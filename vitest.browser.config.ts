import { defineConfig, mergeConfig } from 'vitest/config';
import { shared } from './vitest.shared.config.ts';

export default mergeConfig(
  shared,
  defineConfig({
    test: {
      include: ['test/browser/**/*.test.ts'],
      fileParallelism: false,
      testTimeout: 60_000,
      hookTimeout: 60_000,
    },
  }),
);
