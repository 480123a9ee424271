import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { Client, Outcome, Request } from './client.ts';

const execute = promisify(execFile);

/** Location of Debian's packages of Go libraries. */
const GOPATH = '/usr/share/gocode';

export const goPackages = 'golang-go golang-github-aws-aws-sdk-go-v2-dev';

/**
 * A Go program with the SDK's client: it reads one request per line, makes the call and writes the result. It is built
 * without a network, from the SDK's source in Debian.
 */
export async function startGoSdk(source: string, url: string): Promise<Client> {
  const folder = await mkdtemp(join(tmpdir(), 'orgql-compat-'));
  const program = join(folder, 'compat');
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    GOPATH,
    GOCACHE: join(folder, 'cache'),
    GO111MODULE: 'off',
    GOFLAGS: '',
    GOTOOLCHAIN: 'local',
  };
  try {
    await execute('go', ['build', '-o', program, source], { env });
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw new Error(`The Go program was not built. Install Debian's packages: ${goPackages}.`, { cause: error });
  }
  const child = spawn(program, [url], { stdio: ['pipe', 'pipe', 'inherit'], env: { HOME: folder } });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const close = async () => {
    if (child.exitCode === null) {
      child.stdin.end();
      await once(child, 'exit');
    }
    await rm(folder, { recursive: true, force: true });
  };
  const read = async (): Promise<unknown> => {
    const { value, done } = await lines.next();
    if (done) throw new Error('The Go program has ended.');
    return JSON.parse(value);
  };
  const version = String(await read());
  return { name: version, call: (request) => call(child, read, request), close };
}

async function call(child: ChildProcess, read: () => Promise<unknown>, request: Request): Promise<Outcome> {
  child.stdin?.write(`${JSON.stringify(request)}\n`);
  const answer = await read();
  if (isOutcome(answer)) return answer;
  throw new Error(`The Go program answered ${JSON.stringify(answer)}.`);
}

function isOutcome(value: unknown): value is Outcome {
  return typeof value === 'object' && value !== null && 'kind' in value;
}
