// Writes the table of limits and checks in docs/security.md from the cases that the tests provoke.
import { spawnSync } from 'node:child_process';

const { status } = spawnSync('npx', ['vitest', 'run', 'test/pipeline/limits.test.ts'], {
  stdio: 'inherit',
  env: { ...process.env, UPDATE_SECURITY_DOCS: '1' },
});
process.exitCode = status ?? 1;
