// Writes the table of exceptions in docs/simulator.md from the cases that the tests provoke.
import { spawnSync } from 'node:child_process';

const { status } = spawnSync('npx', ['vitest', 'run', 'test/simulator/errors/table.test.ts'], {
  stdio: 'inherit',
  env: { ...process.env, UPDATE_SIMULATOR_DOCS: '1' },
});
process.exitCode = status ?? 1;
