import { availableParallelism } from 'node:os';
import { defineConfig, mergeConfig } from 'vitest/config';
import { shared } from './vitest.shared.config.ts';

export default mergeConfig(
  shared,
  defineConfig({
    test: {
      include: ['test/**/*.test.ts'],
      exclude: ['test/browser/**', 'test/redis/**', 'test/clock/**', 'test/receivers/**', 'test/hive-gateway/**'],
      // One file more than there are cores: many tests wait for a process, a timeout or a poll.
      maxWorkers: availableParallelism() + 1,
      // Files follow one another in a process and share its modules: to import them anew for each file takes two fifths of the time. A test that leaves something
      // behind for the next file is a defect; `npx vitest run --sequence.shuffle.files` looks for one.
      isolate: false,
      // Against a test that hangs; a machine that is busy with other things must not fail one that does not.
      testTimeout: 60_000,
      hookTimeout: 60_000,
    },
  }),
);
