import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Runs Node with these arguments, and gives its exit code. */
export async function runToEnd(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<number> {
  const [code] = await once(spawn(process.execPath, args, { env: environment, stdio: 'ignore' }), 'close');
  return code;
}
