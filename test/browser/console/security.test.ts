import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { apiKey } from '../../support/api-key.ts';
import { launchChromium } from '../../support/browser.ts';
import { ConsolePage } from '../../support/console-page.ts';
import { type LogLine, startDemo } from '../../support/gateway.ts';
import { startOidcIssuer } from '../../support/oidc-issuer.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

const key = apiKey({ name: 'anna', principals: ['partner', 'customer'] });
const secret = key.authorization.slice('Bearer '.length);
const auth = { type: 'apiKeys' as const, keys: [key.settings] };
const live = (page: Page) => page.getByText('Live', { exact: true }).waitFor();

async function enterKey(page: Page, text: string): Promise<void> {
  await page.getByLabel('API key').fill(text);
  await page.keyboard.press('Enter');
}

/** Everything that scripts of the origin, extensions and other users of the machine could find, as text. */
const KEPT = `(async () => JSON.stringify({
  local: { ...localStorage }, session: { ...sessionStorage }, cookies: document.cookie, name: window.name,
  state: history.state, address: location.href, referrer: document.referrer,
  databases: await indexedDB.databases(), caches: await caches.keys(),
  workers: (await navigator.serviceWorker.getRegistrations()).length,
  fields: [...document.querySelectorAll('input, textarea')].map((field) => field.value),
  markup: document.documentElement.outerHTML,
  globals: Object.keys(window).map((name) => { try { return String(window[name]) } catch { return '' } }),
}))()`;

/** Notes what a page writes to the browser's console, and the addresses that it requests. */
function observe(page: Page) {
  const lines: string[] = [];
  const addresses: string[] = [];
  page.on('console', (message) => lines.push(message.text()));
  page.on('pageerror', (error) => lines.push(String(error.stack)));
  page.on('request', (request) => addresses.push(`${request.url()} ${request.headers()['referer'] ?? ''}`));
  page.on('websocket', (socket) => addresses.push(socket.url()));
  return { lines, addresses };
}

async function openObserved(url: string, otherOrigin?: string) {
  const view = await ConsolePage.open(browser, url, otherOrigin === undefined ? {} : { otherOrigin });
  return { view, page: view.page, ...observe(view.page) };
}

test('an API key is in no storage, address, cookie, log, error or markup', async () => {
  const logged: LogLine[] = [];
  await using demo = await startDemo({
    config: { auth, log: { level: 'debug', audit: true } },
    onLog: (line) => logged.push(line),
  });
  const { view, page, lines, addresses } = await openObserved(new URL('/transfers', demo.url).href);
  await using _ = view;
  const wrong = 'wrong-key-that-was-typed';
  await enterKey(page, wrong);
  await page.getByRole('alert').filter({ hasText: 'not valid' }).waitFor();
  await enterKey(page, secret);
  await live(page);
  await page.getByRole('link', { name: /^Organization/ }).click();
  await page.getByRole('treeitem').first().waitFor();
  const kept = String(await page.evaluate(KEPT));
  const found = [kept, ...lines, ...addresses, JSON.stringify(logged), JSON.stringify(await page.context().cookies())];
  for (const text of found) {
    expect(text).not.toContain(secret);
    expect(text).not.toContain(wrong);
  }
  expect(JSON.parse(kept)).toMatchObject({ session: {}, cookies: '', databases: [], caches: [], workers: 0, name: '' });
  // The search above has searched something.
  expect(JSON.stringify(logged)).toContain('"principal":"partner"');
  expect(addresses.length).toBeGreaterThan(5);

  // A copied command has a placeholder.
  await page
    .getByRole('button', { name: /Copy as/ })
    .first()
    .click();
  await page.getByRole('radio', { name: 'curl' }).click();
  await page.getByText('$TOKEN').first().waitFor();
  expect(await page.content()).not.toContain(secret);
});

test('tokens of an issuer are in no storage, address, cookie, log, error or markup', async () => {
  const logged: LogLine[] = [];
  await using issuer = await startOidcIssuer({ lifetime: 4 });
  await using demo = await startDemo({
    config: { ...issuer.settings, log: { level: 'debug', audit: true } },
    onLog: (line) => logged.push(line),
  });
  const { view, page, lines, addresses } = await openObserved(new URL('/transfers', demo.url).href, issuer.origin);
  await using _ = view;
  const writes = await observeStorage(page);
  await page.getByRole('button', { name: /^Sign in with/ }).click();
  await page.getByRole('link', { name: 'Allow' }).click();
  await live(page);
  await expect.poll(() => issuer.counts.refreshes, { timeout: 20_000 }).toBeGreaterThanOrEqual(2);
  const kept = String(await page.evaluate(KEPT));
  // On the way to the issuer: no token, and nothing that is of use without the code.
  expect(writes.map(([name]) => name)).toEqual(['orgql.sign-in']);
  const stored: Record<string, string> = JSON.parse(writes[0]?.[1] ?? '{}');
  expect(Object.keys(stored).sort()).toEqual(['nonce', 'returnTo', 'state', 'verifier']);
  const { codes, tokens } = issuer.issued;
  expect(tokens.length).toBeGreaterThanOrEqual(7);
  for (const text of [kept, ...lines, JSON.stringify(logged), JSON.stringify(await page.context().cookies())]) {
    for (const value of [...codes, ...tokens, String(stored['verifier']), String(stored['state'])])
      expect(text).not.toContain(value);
  }
  for (const token of [...tokens, String(stored['verifier'])])
    for (const address of addresses) expect(address).not.toContain(token);
  expect(JSON.parse(kept)).toMatchObject({ session: {}, cookies: '', databases: [], caches: [], name: '' });
  // The code is in the address of one request, and its page sends no referrer.
  expect(addresses.filter((address) => codes.some((code) => address.includes(code)))).toHaveLength(1);
});

/** Notes everything that a page ever stores, from its next load on. */
async function observeStorage(page: Page): Promise<(readonly [name: string, value: string])[]> {
  const stored: [string, string][] = [];
  await page.exposeFunction('noteStored', (name: string, value: string) => void stored.push([name, value]));
  await page.addInitScript(`{
    const { setItem } = Storage.prototype;
    Storage.prototype.setItem = function (name, value) {
      void window.noteStored(String(name), String(value));
      setItem.call(this, name, value);
    };
  }`);
  await page.reload();
  return stored;
}

test('no page of another origin can show the console in a frame', async () => {
  await using demo = await startDemo({ config: { auth } });
  await using other = await startOtherOrigin();
  const url = new URL('/transfers', demo.url).href;
  await using view = await ConsolePage.open(browser, other.origin, { otherOrigin: new URL(url).origin });
  const { page } = view;
  await page.evaluate(
    `new Promise((resolve) => { const frame = document.createElement('iframe'); frame.onload = resolve; frame.src = ${JSON.stringify(url)}; document.body.append(frame) })`,
  );
  const [frame] = page.frames().slice(1);
  expect(frame?.url()).toMatch(/^chrome-error:/);
  expect(view.failures.join()).toMatch(/frame-ancestors|X-Frame-Options/);
});

const MUTATION = `mutation { inviteAccountToOrganization(input: { target: { type: ACCOUNT, id: "333333333333" } }) { __typename } }`;

/** Attempts of a page to change something at `url`, a gateway of another origin. Each returns what it has learned. */
const attempts = (url: string) => `(async () => {
  const url = ${JSON.stringify(url)};
  const body = JSON.stringify({ query: ${JSON.stringify(MUTATION)} });
  const textOf = (request) => request.then((response) => response.text()).catch((error) => error.name);
  const results = {};
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
    const options = { method: 'POST', body, headers: { 'content-type': type } };
    results['opaque ' + type] = await textOf(fetch(url, { ...options, mode: 'no-cors', credentials: 'include' }));
    results[type] = await textOf(fetch(url, { ...options, credentials: 'include' }));
  }
  const json = { method: 'POST', body, headers: { 'content-type': 'application/json' } };
  results.json = await textOf(fetch(url, { ...json, credentials: 'include' }));
  results.beacon = navigator.sendBeacon(url, new Blob([body], { type: 'text/plain' }));
  results.get = await textOf(fetch(url + '?query=' + encodeURIComponent('{ viewer { caller } }'), { credentials: 'include' }));
  results.form = await new Promise((resolve) => {
    const frame = document.createElement('iframe');
    frame.name = 'target';
    document.body.append(frame);
    const form = document.createElement('form');
    Object.assign(form, { method: 'post', action: url, enctype: 'text/plain', target: 'target' });
    const field = document.createElement('input');
    [field.name, field.value] = [body.slice(0, -1) + ',"ignored":"', '"}'];
    form.append(field);
    document.body.append(form);
    frame.onload = () => { try { resolve(frame.contentDocument?.body.textContent ?? 'refused') } catch { resolve('refused') } };
    form.submit();
  });
  results.socket = await new Promise((resolve) => {
    const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws');
    socket.onopen = () => resolve('open');
    socket.onclose = ({ code }) => resolve(code);
  });
  results.events = await new Promise((resolve) => {
    const events = new EventSource(url + '?query=' + encodeURIComponent('subscription { gatewayStatusChanges { now } }'), { withCredentials: true });
    events.onopen = () => resolve('open');
    events.onerror = () => resolve('refused');
  });
  return JSON.stringify(results);
})()`;

const REFUSED = {
  'opaque text/plain': '',
  'text/plain': 'TypeError',
  'opaque application/x-www-form-urlencoded': '',
  'application/x-www-form-urlencoded': 'TypeError',
  'opaque multipart/form-data': '',
  'multipart/form-data': 'TypeError',
  json: 'TypeError',
  beacon: true,
  get: 'TypeError',
  socket: 1006,
  events: 'refused',
};

test.each([
  ['without auth', undefined],
  ['beside a signed-in session', auth],
])('a page of another origin changes and reads nothing %s', async (_case, settings) => {
  await using demo = await startDemo({ config: settings ? { auth: settings } : {} });
  await using other = await startOtherOrigin();
  const url = new URL('/transfers', demo.url).href;
  await using view = await ConsolePage.open(browser, url, { otherOrigin: other.origin });
  if (settings) await enterKey(view.page, secret);
  await view.row('Active').first().waitFor();

  const page = await view.page.context().newPage();
  await page.goto(other.origin);
  const results = JSON.parse(String(await page.evaluate(attempts(demo.url))));
  expect(results).toMatchObject(REFUSED);
  expect(results.form).not.toContain('InviteAccountToOrganizationPayload');
  expect(await writesOf(demo.simulator.url)).toEqual([]);
  // The same mutation, so that the count above could have found something.
  const headers = { 'content-type': 'application/json', ...(settings && { authorization: key.authorization }) };
  await fetch(demo.url, { method: 'POST', headers, body: JSON.stringify({ query: MUTATION }) });
  expect(await writesOf(demo.simulator.url)).toEqual(['InviteAccountToOrganization']);
});

test('a page of another origin has no access to the window of a signed-in session', async () => {
  await using issuer = await startOidcIssuer();
  await using demo = await startDemo({ config: issuer.settings });
  await using other = await startOtherOrigin();
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(new URL('/transfers', demo.url).href);
  await page.getByRole('button', { name: /^Sign in with/ }).click();
  await page.getByRole('link', { name: 'Allow' }).click();
  await live(page);

  const attacker = await context.newPage();
  await attacker.goto(other.origin);
  const forged = new URL('/signed-in?code=of-the-attacker&state=forged', demo.url).href;
  const popups = context.waitForEvent('page');
  const reached = await attacker.evaluate(
    `new Promise((resolve) => {
      const opened = window.open(${JSON.stringify(forged)});
      new BroadcastChannel('orgql.sign-in').postMessage({ answer: '?code=of-the-attacker&state=forged' });
      const timer = setInterval(() => {
        if (opened.closed) { clearInterval(timer); resolve('severed'); }
        try { if (opened.document.body?.textContent) { clearInterval(timer); resolve(opened.document.title); } } catch {}
      }, 20);
    })`,
  );
  // Cross-Origin-Opener-Policy: the opener has no reference to the page.
  expect(reached).toBe('severed');
  const popup = await popups;
  // The new page is not signed in, and the forged answer is rejected there.
  await popup.getByRole('alert').filter({ hasText: 'does not belong to a sign-in of this page' }).waitFor();
  expect(await popup.evaluate('window.opener')).toBe(null);
  // The session goes on.
  await page.getByRole('button', { name: 'anna · read only' }).waitFor();
  await live(page);
  expect(issuer.counts).toMatchObject({ codes: 1, rejected: 0 });
  await context.close();
});

test('a script in the page can send a token to the gateway and the issuer only', async () => {
  await using issuer = await startOidcIssuer();
  await using demo = await startDemo({ config: issuer.settings });
  await using other = await startOtherOrigin();
  await using view = await ConsolePage.open(browser, new URL('/transfers', demo.url).href, {
    otherOrigin: other.origin,
  });
  await view.page.getByRole('button', { name: /^Sign in with/ }).waitFor();
  const before = other.requests();
  const send = `fetch(${JSON.stringify(other.origin)}).then(() => 'sent', (error) => error.name)`;
  expect(await view.page.evaluate(send)).toBe('TypeError');
  expect(other.requests()).toBe(before);
  expect(view.failures.join()).toContain('Content Security Policy');
});

/** Operations that have changed something at the simulator. */
async function writesOf(url: string): Promise<string[]> {
  const response = await fetch(new URL('/_orgql/requests', url));
  const { requests }: { requests: readonly { readonly operation: string }[] } = await response.json();
  return requests.map(({ operation }) => operation).filter((name) => !/^(Describe|List|Get)/.test(name));
}

/** A page of another origin on loopback. */
async function startOtherOrigin() {
  let requests = 0;
  const server = createServer((_request, response) => {
    requests += 1;
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Other</title><body></body>');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
