import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { build } from '../support/cli.ts';
import { startDemo } from '../support/gateway.ts';
import { inviteAccount } from '../support/invite.ts';

const repository = join(import.meta.dirname, '..', '..');
const example = join(repository, 'examples', 'page');

/** Serves the example's folder, as `npm install` leaves it: `node_modules/orgql` is this package. */
async function serveExample() {
  const server = createServer(async ({ url = '' }, response) => {
    const { pathname } = new URL(url, 'http://page');
    const [, installed] = pathname.split('/node_modules/orgql/');
    const file = installed ? join(repository, installed) : join(example, pathname === '/' ? 'index.html' : pathname);
    const content = await readFile(file).catch(() => undefined);
    const type = file.endsWith('.js') ? 'text/javascript' : 'text/html';
    response.writeHead(content ? 200 : 404, { 'content-type': type }).end(content);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { origin, [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())) };
}

test('examples/page shows invitations and every change without a bundler', async () => {
  build();
  await using site = await serveExample();
  await using demo = await startDemo({ config: { allowedOrigins: [site.origin] } });
  await using browser = await launchChromium();
  const page = await browser.newPage();
  const failures: string[] = [];
  page.on('pageerror', (error) => failures.push(error.message));
  page.on('console', (message) => message.type() === 'error' && failures.push(message.text()));
  await page.goto(`${site.origin}/?gateway=${encodeURIComponent(demo.url)}`);
  await page.getByRole('status').getByText('live').waitFor();
  const count = await page.locator('li').count();
  expect(count).toBeGreaterThan(10);

  const id = await inviteAccount(demo, '333333333333');
  await page.locator(`#${id}`).getByText('333333333333: OPEN').waitFor();
  expect(await page.locator('li').count()).toBe(count + 1);
  await demo.query(`mutation { cancelHandshake(input: { handshakeId: "${id}" }) { __typename } }`);
  await page.locator(`#${id}`).getByText('333333333333: CANCELED').waitFor();
  expect(failures).toEqual([]);

  await demo.close();
  await page.getByRole('status').getByText('live').waitFor({ state: 'detached' });
  expect(await page.locator('li').count()).toBe(count + 1);
});
