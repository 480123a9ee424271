import { Part } from '../watch/process.ts';
import type { GatewayOptions, WorldSize } from './settings.ts';

export interface Counted {
  readonly byOperation: Readonly<Record<string, number>>;
  readonly throttled: number;
}

const script = (name: string): string => new URL(name, import.meta.url).href;

/** A simulator process. */
export class World implements AsyncDisposable {
  readonly #part = new Part(script('./world-process.js'));
  url = '';

  async start(size: WorldSize): Promise<void> {
    this.url = String(await this.#part.ask('start', size));
  }

  least = async () => (await this.#part.ask('least')) as Readonly<Record<string, number>>;
  counted = async () => (await this.#part.ask('counted')) as Counted;
  resetCounts = () => this.#part.ask('resetCounts');
  accountIds = async () => (await this.#part.ask('accountIds')) as readonly string[];
  queryIds = async () => (await this.#part.ask('queryIds')) as { readonly unit: string; readonly policy: string };
  tag = (accountId: string, key: string, value: string) => this.#part.ask('tag', { accountId, key, value });
  setLatency = (operation: string, ms: number) => this.#part.ask('setLatency', { operation, ms });
  [Symbol.asyncDispose] = () => this.#part[Symbol.asyncDispose]();
}

export interface QueryOptions {
  readonly orgql?: Readonly<Record<string, unknown>>;
}

export interface Reply {
  readonly text: string;
  readonly data: unknown;
  readonly calls: number;
  readonly ms: number;
}

/** Only the copy may answer. */
export const fromCopy = { orgql: { onlyIfCached: true } } as const;

export async function post(url: string, query: string, extensions: QueryOptions = {}): Promise<Reply> {
  const startedAt = performance.now();
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, extensions }),
  });
  const text = await response.text();
  const ms = performance.now() - startedAt;
  const { data, errors, extensions: sent } = JSON.parse(text);
  if (errors !== undefined) throw new Error(`${query}: ${JSON.stringify(errors).slice(0, 500)}`);
  return { text, data, calls: sent?.upstream?.calls ?? 0, ms };
}

/** A gateway process that keeps a copy. */
export class Gateway implements AsyncDisposable {
  readonly part = new Part(script('./gateway-process.js'));
  url = '';

  async start(options: GatewayOptions): Promise<void> {
    this.url = String(await this.part.ask('start', options));
  }

  /** Starts to keep the copy. */
  keep = () => this.part.ask('keep');
  /** Resolves with the time of the sweep, in ms. */
  swept = async () => Number(await this.part.ask('swept'));
  /** The times of the server since the last call, in ms. */
  serverMs = async () => (await this.part.ask('serverMs')) as readonly number[];
  query = (document: string, options: QueryOptions = fromCopy) => post(this.url, document, options);

  /** Returns the longest delays of the event loop during `work`, in ms. */
  async delayDuring(work: () => Promise<unknown>): Promise<{ readonly busy: number; readonly total: number }> {
    await this.part.ask('startDelay');
    await work();
    return (await this.part.ask('stopDelay')) as { busy: number; total: number };
  }

  /** Ends the process, after everything is stored. */
  async close(): Promise<void> {
    await this.part.ask('close');
    await this.part[Symbol.asyncDispose]();
  }

  [Symbol.asyncDispose] = () => this.part[Symbol.asyncDispose]();
}
