import { defineConfig, mergeConfig } from 'vitest/config';
import { shared } from './vitest.shared.config.ts';

export default mergeConfig(
  shared,
  defineConfig({
    test: {
      include: ['test/**/*.test.ts'],
      exclude: ['test/browser/**', 'test/redis/**'],
      // Two cores: a file is one worker process, and none shares state with another.
      testTimeout: 20_000,
      hookTimeout: 30_000,
    },
  }),
);
