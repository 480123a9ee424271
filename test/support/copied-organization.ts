import { pino } from 'pino';
import { expect, vi } from 'vitest';
import { demoSettings } from '../../src/cli/demo-settings.ts';
import { type ConfigInput, configSchema } from '../../src/config/index.ts';
import { createGateway, type Gateway } from '../../src/gateway.ts';
import type { SimulatorOptions } from '../../src/simulator/index.ts';

const management = '111111111111';
export const accountIdOf = (number: number) => String(200_000_000_000 + number);
export const unitId = 'ou-root-workload';

/** A world with an organization of this many accounts, with one unit. */
export const organizationOf = (accounts: number) => {
  const members = Array.from({ length: accounts - 1 }, (_, number) => ({
    id: accountIdOf(number),
    name: `account ${number}`,
    email: `account-${number}@example.com`,
  }));
  return {
    version: 1,
    accounts: [{ id: management, name: 'management', email: 'management@example.com' }, ...members],
    organizations: [
      {
        id: 'o-exampleorgid',
        managementAccountId: management,
        quotas: { accounts: 100_000 },
        root: { id: 'r-root' },
        organizationalUnits: [{ id: unitId, name: 'Workloads' }],
        members: members.map(({ id }) => ({ accountId: id })),
      },
    ],
  } satisfies SimulatorOptions['seed'];
};

/** Settings of a gateway that copies the organization of `partner` without a limit of rates. */
export const copySettings = (simulatorUrl: string, config: ConfigInput = {}): ConfigInput => ({
  ...demoSettings(simulatorUrl),
  port: 0,
  inventory: [{ principal: 'partner', maxAgeMs: 600_000, tagsMaxAgeMs: 600_000, budgetShare: 0.8 }],
  ...config,
  upstream: { budget: 'off', cacheMs: 0, ...config.upstream },
  log: { level: 'error', audit: false, ...config.log },
});

interface ListStatus {
  readonly name: string;
  readonly state: string;
  readonly asOf: string | null;
  readonly nextRefreshAt: string | null;
  readonly objects: number;
}

const STATUS = `{ organization { inventory { state progress asOf lists { name state asOf nextRefreshAt objects } } } }`;

/** A gateway with a copy, as its clients see it. */
export class CopyGateway implements AsyncDisposable {
  readonly gateway: Gateway;

  private constructor(gateway: Gateway) {
    this.gateway = gateway;
  }

  static async start(settings: ConfigInput, onLog?: (line: object) => void): Promise<CopyGateway> {
    const log = pino(
      { level: onLog ? 'warn' : 'silent' },
      { write: (line: string) => onLog?.(JSON.parse(line) as object) },
    );
    return new CopyGateway(await createGateway(configSchema.parse(settings), { log }));
  }

  /** Runs an operation. `orgql`: the extension, with the accepted age. */
  async ask(query: string, orgql?: object) {
    const response = await fetch(this.gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, ...(orgql && { extensions: { orgql } }) }),
    });
    const { data, errors, extensions } = await response.json();
    return { data, errors, calls: extensions?.upstream.calls as number, ageMs: extensions?.upstream.ageMs as number };
  }

  /** Reads from the copy alone, and fails the test when that has no answer. */
  async copied(query: string) {
    const { data, errors, calls, ageMs } = await this.ask(query, { maxAge: 600, onlyIfCached: true });
    expect(errors).toBeUndefined();
    expect(calls).toBe(0);
    return { data, ageMs };
  }

  /** The state of the copy; undefined while it does not know its organization. */
  async status() {
    const { data } = await this.ask(STATUS, { maxAge: 600, onlyIfCached: true });
    const status = data?.organization?.inventory as
      | { readonly state: string; readonly progress: number; readonly asOf: string; readonly lists: ListStatus[] }
      | undefined;
    return status ?? undefined;
  }

  async list(name: string): Promise<ListStatus | undefined> {
    return (await this.status())?.lists.find((one) => one.name === name);
  }

  async untilReady(): Promise<void> {
    await vi.waitFor(async () => expect((await this.status())?.state).toBe('READY'), { timeout: 40_000, interval: 50 });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.gateway.close();
  }
}
