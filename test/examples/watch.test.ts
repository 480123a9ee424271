import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { demoSettings } from '../../src/cli/demo-settings.ts';
import { configSchema } from '../../src/config/index.ts';
import { createGateway } from '../../src/gateway.ts';
import { startSimulator } from '../../src/simulator/index.ts';
import { build } from '../support/cli.ts';
import { query } from '../support/client.ts';

const root = join(import.meta.dirname, '..', '..');

/** Installs the example in a folder, as `npm install` does. */
async function install(folder: string): Promise<string> {
  build();
  await cp(join(root, 'examples', 'watch'), folder, { recursive: true });
  await mkdir(join(folder, 'node_modules'));
  await symlink(root, join(folder, 'node_modules', 'orgql'));
  return join(folder, 'watch.js');
}

/** The example as a process, read line by line. */
class Example implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(script: string, url: string) {
    this.#process = spawn(process.execPath, [script, url], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (this.#process.stdout === null) throw new Error('no standard output');
    this.#lines = createInterface(this.#process.stdout)[Symbol.asyncIterator]();
  }

  async line(): Promise<string> {
    return (await this.#lines.next()).value;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill();
    await once(this.#process, 'close');
  }
}

it('examples/watch prints every change once, also those during a restart of the gateway', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'orgql-example-'));
  await using simulator = await startSimulator();
  const start = (port: number) =>
    createGateway(
      configSchema.parse({
        ...demoSettings(simulator.url),
        port,
        watch: { minIntervalMs: 50, maxIntervalMs: 200, store: join(folder, 'events') },
        log: { level: 'error' },
      }),
    );
  const first = await start(0);
  const { url } = first;
  const change = async (operation: string, input: string) => {
    const document = `mutation { ${operation}(input: ${input}) { ... on Error { message } ... on ${operation[0]?.toUpperCase()}${operation.slice(1)}Payload { handshake { id } } } }`;
    const { data } = await query(url, { document });
    return data[operation].handshake.id;
  };
  const invite = () => change('inviteAccountToOrganization', '{ target: { type: ACCOUNT, id: "333333333333" } }');

  await using example = new Example(await install(join(folder, 'example')), url);
  expect(await example.line()).toMatch(/^SNAPSHOT \d+ handshakes$/);
  const before = await invite();
  expect(await example.line()).toBe(`ADDED ${before} INVITE - -> OPEN`);
  await first.close();
  // Canceled without the gateway, while it is stopped.
  const other = await createGateway(
    configSchema.parse({ ...demoSettings(simulator.url), port: 0, log: { level: 'error' } }),
  );
  const { data } = await query(other.url, {
    document: `mutation { cancelHandshake(input: { handshakeId: "${before}" }) { ... on CancelHandshakePayload { handshake { state } } } }`,
  });
  expect(data.cancelHandshake.handshake.state).toBe('CANCELED');
  await other.close();

  await using second = await start(first.port);
  expect(second.url).toBe(url);
  expect(await example.line()).toBe(`CHANGED ${before} INVITE OPEN -> CANCELED`);
  const after = await invite();
  expect(await example.line()).toBe(`ADDED ${after} INVITE - -> OPEN`);
  await second.close();
  await rm(folder, { recursive: true });
});
