import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { load } from '../../bench/peers/load/load.ts';
import { startOrgql } from '../../bench/peers/orgql.ts';
import { rows } from '../../bench/peers/rows.ts';
import { authorization, createConfig } from '../../bench/peers/settings.ts';
import { MemoryUpstream } from '../../bench/peers/world/memory-upstream.ts';
import { createWorld } from '../../bench/peers/world/world.ts';
import { createPrincipals } from '../../src/principal/index.ts';
import { createWatcher } from '../../src/watcher/index.ts';

const stops: (() => Promise<unknown>)[] = [];
afterAll(() => Promise.all(stops.map((stop) => stop())));

async function orgql(withApiKeys: boolean): Promise<number> {
  const config = createConfig(withApiKeys);
  const upstream = new MemoryUpstream(createWorld());
  const watcher = createWatcher(upstream, config.watch);
  const server = await startOrgql({ config, principals: createPrincipals(config), upstream, watcher });
  stops.push(() => server.close().then(() => watcher.close()));
  return server.port;
}

async function answering(listener: RequestListener): Promise<number> {
  const http = createServer(listener);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  stops.push(() => new Promise((resolve) => http.close(resolve)));
  return (http.address() as AddressInfo).port;
}

const few = { connections: 2, seconds: 0, from: 0 };

test.for(rows)('orgql answers the benchmark\'s row "$name" without errors, as often as it is asked', async (row) => {
  const report = await load({ ...few, port: await orgql(false), row: row.name, least: 6 });
  expect(report.requests).toBe(6);
});

test('orgql with API keys accepts the benchmark’s key', async () => {
  const port = await orgql(true);
  await expect(load({ ...few, port, row: 'list', least: 2 })).rejects.toThrow('status 401');
  await expect(load({ ...few, port, row: 'list', least: 2, authorization })).resolves.toMatchObject({ requests: 2 });
});

test('a row of new documents never repeats one', async () => {
  const seen: string[] = [];
  const port = await answering(async (request, response) => {
    seen.push(JSON.parse(Buffer.concat(await request.toArray()).toString()).query);
    response.setHeader('content-length', 12).end('{"data":{}}\n');
  });
  await load({ ...few, port, row: 'unseen', least: 50 });
  await load({ ...few, port, row: 'unseen', least: 50, from: 50 });
  expect(new Set(seen).size).toBe(100);
});

test.for([
  ['with errors', 200, '{"data":{"a":null},"errors":[]}'],
  ['without data', 200, '{"data":null}'],
  ['with another status than 200', 500, '{"data":{"a":1}}'],
] as const)('an answer %s ends the measurement', async ([_, status, body]) => {
  const port = await answering((_request, response) => {
    response.writeHead(status, { 'content-length': body.length }).end(body);
  });
  await expect(load({ ...few, port, row: 'tiny', least: 100 })).rejects.toThrow(`status ${status}`);
});

test('a connection that the server closes ends the measurement', async () => {
  const port = await answering((_request, response) => {
    response.writeHead(200, { 'content-length': 12, connection: 'close' }).end('{"data":{}}\n');
  });
  await expect(load({ ...few, port, row: 'tiny', least: 100 })).rejects.toThrow(/closed a connection|EPIPE|ECONNRESET/);
});
