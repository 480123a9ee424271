// One process that keeps many accounts: in the gateway's own memory of reads, filled through the real client from a simulator, or in a plain Map.
import type { Account } from '@aws-sdk/client-organizations';
import { demoSettings } from '../../src/cli/demo-settings.ts';
import { configSchema } from '../../src/config/index.ts';
import { createPrincipals } from '../../src/principal/index.ts';
import { createUpstream } from '../../src/upstream/index.ts';
import { answer } from '../watch/process.ts';
import { alive } from './alive.ts';

/** Longer than the bench. */
const AN_HOUR_MS = 3_600_000;
const kept: unknown[] = [];

answer({
  alive,
  /** Reads all, and keeps nothing. */
  async warm(url) {
    const upstream = open(String(url), 0);
    for (let turn = 0; turn < 2; turn += 1) await texts(upstream);
    await upstream.close();
  },
  /** Reads all accounts, page by page, as connections do. Answers how many there are. */
  async fillCache(url) {
    const upstream = open(String(url), AN_HOUR_MS);
    kept.push(upstream);
    return (await texts(upstream)).length;
  },
  /** The same accounts, made from JSON, under their ids. Answers the length of all their JSON in bytes. */
  async fillMap(url) {
    const upstream = open(String(url), 0);
    const all = await texts(upstream);
    await upstream.close();
    const accounts = all.map((text): Account => JSON.parse(text, revive));
    kept.push(new Map(accounts.map((account) => [account.Id, account])));
    return all.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  },
});

const revive = (key: string, value: unknown) => (key === 'JoinedTimestamp' ? new Date(String(value)) : value);

type Opened = ReturnType<typeof open>;

function open(url: string, cacheMs: number) {
  const config = configSchema.parse({
    ...demoSettings(url),
    upstream: { budget: 'off', cacheMs, cacheEntries: 1_000_000 },
  });
  const upstream = createUpstream(config.upstream);
  const [principal] = createPrincipals(config);
  if (principal === undefined) throw new Error('no principal');
  return {
    readAll: () => upstream.session(principal, { memoize: false, deadlineMs: AN_HOUR_MS }).pages('ListAccounts', {}),
    close: () => upstream.close(),
  };
}

/** Each account as JSON, which holds on to nothing of what was read. */
async function texts({ readAll }: Opened): Promise<string[]> {
  const all: string[] = [];
  for await (const { items } of readAll()) for (const item of items) all.push(JSON.stringify(item));
  return all;
}
