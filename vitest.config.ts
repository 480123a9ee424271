import { defineConfig, mergeConfig } from 'vitest/config';
import { shared } from './vitest.shared.config.ts';

export default mergeConfig(
  shared,
  defineConfig({
    test: {
      include: ['test/**/*.test.ts'],
      exclude: ['test/browser/**', 'test/redis/**'],
      // As many files at once as there are cores (Vitest leaves one idle): each is a process of its own, and none shares state with another.
      maxWorkers: '100%',
      testTimeout: 20_000,
      hookTimeout: 30_000,
    },
  }),
);
