import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { build, finishInProcess, Orgql, startInProcess } from '../support/cli.ts';
import { freePort } from '../support/free-port.ts';

const folder = mkdtempSync(join(tmpdir(), 'orgql-'));
beforeAll(build);
afterAll(() => rmSync(folder, { recursive: true }));

function configFile(port: number): string {
  const file = join(folder, `orgql-${port}.yaml`);
  const credentials = '{ type: static, accessKeyId: "111111111111", secretAccessKey: x }';
  writeFileSync(file, `port: ${port}\nprincipals: [{ name: a, credentials: ${credentials} }]\n`);
  return file;
}

async function healthOf(args: readonly string[], environment: Record<string, string> = {}) {
  await using check = new Orgql(['health', ...args], environment);
  return await check.finished;
}

test.for([
  ['a port option', (port: number) => ['demo', '--port', `${port}`], () => ({})],
  ['a port option with an equals sign', (port: number) => ['simulate', `--port=${port}`], () => ({})],
  ['all addresses', (port: number) => ['simulate', '--host', '0.0.0.0', '--port', `${port}`], () => ({})],
  ['a configuration file', (port: number) => ['serve', '--config', configFile(port)], () => ({})],
  ['ORGQL_CONFIG', () => ['serve'], (port: number) => ({ ORGQL_CONFIG: configFile(port) })],
  ['ORGQL_PORT', () => ['simulate'], (port: number) => ({ ORGQL_PORT: `${port}` })],
] as const)('the health check of a process finds the port that %s sets', async ([_, args, variables]) => {
  const port = await freePort();
  await using orgql = new Orgql(args(port), variables(port));
  expect(await orgql.url()).toContain(`:${port}`);
  const pid = ['--pid', String(orgql.process.pid)];
  const healthy = { code: 0, stdout: '', stderr: '' };
  expect(await finishInProcess(['health', ...pid], variables(port))).toMatchObject(healthy);
});

test('a stopped server is unhealthy, by its options or those of its process', async () => {
  const port = await freePort();
  const args = ['--port', String(port)];
  const orgql = await startInProcess(['demo', ...args]);
  expect(await healthOf(args)).toMatchObject({ code: 0, stdout: '', stderr: '' });
  await orgql.close();
  expect(await healthOf(args)).toMatchObject({
    code: 1,
    stderr: `orgql: http://127.0.0.1:${port}/health does not respond\n`,
  });
});
