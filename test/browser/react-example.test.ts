import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { build, type PreviewServer, preview } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoSettings } from '../../src/cli/demo-settings.ts';
import { configSchema } from '../../src/config/index.ts';
import { createGateway, type Gateway } from '../../src/gateway.ts';
import { type Simulator, startSimulator } from '../../src/simulator/index.ts';
import { launchChromium } from '../support/browser.ts';
import { query } from '../support/client.ts';

const repository = join(import.meta.dirname, '..', '..');
const root = join(repository, 'examples', 'react');
const INVITE = `mutation { inviteAccountToOrganization(input: { target: { type: ACCOUNT, id: "333333333333" } }) {
  ... on InviteAccountToOrganizationPayload { handshake { id } }
} }`;

let folder: string;
let simulator: Simulator;
let gateway: Gateway;
let browser: Browser;
let site: PreviewServer;

const start = (port: number, store?: string) =>
  createGateway(
    configSchema.parse({
      ...demoSettings(simulator.url),
      port,
      watch: { minIntervalMs: 50, maxIntervalMs: 200, store },
      log: { level: 'error' },
    }),
  );

const invite = async (url: string): Promise<string> =>
  (await query(url, { document: INVITE })).data.inviteAccountToOrganization.handshake.id;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orgql-react-'));
  browser = await launchChromium();
  simulator = await startSimulator();
  gateway = await start(0, join(folder, 'events'));
  process.env['ORGQL'] = new URL(gateway.url).origin;
  // `npm install` in the example links the built package.
  const resolve = { alias: { 'orgql/client': join(repository, 'src/client/index.ts') } };
  const options = {
    root,
    logLevel: 'error',
    resolve,
    build: { outDir: join(folder, 'site'), emptyOutDir: true },
  } as const;
  await build(options);
  site = await preview({ ...options, preview: { host: '127.0.0.1', port: 0 } });
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
  await gateway?.close();
  await simulator?.close();
  await rm(folder, { recursive: true });
});

test('examples/react shows invitations and every change, also those during a restart of the gateway', async () => {
  const page = await browser.newPage();
  const failures: string[] = [];
  page.on('pageerror', (error) => failures.push(error.message));
  const [url = ''] = site.resolvedUrls?.local ?? [];
  await page.goto(url);
  await page.locator('table').waitFor();
  const rows = page.locator('tbody tr');
  const before = await rows.count();
  expect(before).toBeGreaterThan(10);

  const id = await invite(gateway.url);
  const row = page.locator(`#${id}`);
  await row.getByText('OPEN').waitFor();
  expect(await rows.count()).toBe(before + 1);

  await row.getByRole('button', { name: 'Cancel' }).click();
  await row.getByText('CANCELED').waitFor();

  // An invitation is sent while the gateway restarts.
  const { port } = gateway;
  await gateway.close();
  const other = await start(0);
  const again = await invite(other.url);
  await other.close();
  gateway = await start(port, join(folder, 'events'));
  await page.locator(`#${again}`).getByText('OPEN').waitFor();
  expect(await rows.count()).toBe(before + 2);
  if (process.env['ORGQL_REACT_SCREENSHOT']) await page.screenshot({ path: process.env['ORGQL_REACT_SCREENSHOT'] });
  expect(failures).toEqual([]);
  await page.close();
});
