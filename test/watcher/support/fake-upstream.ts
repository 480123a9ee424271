import type { Principal } from '../../../src/principal/principal.ts';
import {
  type CompletedWrite,
  type Handshake,
  type Input,
  type Item,
  type ListName,
  type OperationName,
  type Output,
  type Page,
  type ReadName,
  type ResponsibilityTransfer,
  type SessionOptions,
  type Upstream,
  UpstreamError,
  type UpstreamSession,
  type WriteName,
} from '../../../src/upstream/index.ts';
import type { ManualClock } from '../../support/manual-clock.ts';

export const principalOf = (name: string, accountId = '111111111111'): Principal => ({
  name,
  region: 'us-east-1',
  endpoint: undefined,
  credentials: async () => ({ accessKeyId: accountId, secretAccessKey: 'unused' }),
  configuredAccountId: accountId,
  accountId: async () => accountId,
  identity: async () => accountId,
});

/** The objects that AWS shows to one principal. */
export interface World {
  readonly sent: Map<string, Handshake>;
  readonly received: Map<string, Handshake>;
  readonly inbound: Map<string, ResponsibilityTransfer>;
  readonly outbound: Map<string, ResponsibilityTransfer>;
}

export const emptyWorld = (): World => ({
  sent: new Map(),
  received: new Map(),
  inbound: new Map(),
  outbound: new Map(),
});

export const failure = (code: string, operation: OperationName, retryable: boolean) =>
  new UpstreamError(`${operation} failed with ${code}`, { code, operation, retryable, requestId: 'r-1' });

type Lists = { readonly [O in ListName]?: (world: World) => Iterable<readonly [string, Item<O>]> };
const lists: Lists = {
  ListHandshakesForOrganization: ({ sent }) => sent,
  ListHandshakesForAccount: ({ received }) => received,
  ListInboundResponsibilityTransfers: ({ inbound }) => inbound,
  ListOutboundResponsibilityTransfers: ({ outbound }) => outbound,
};

const found = <T>(object: T | undefined, operation: OperationName, code: string): T => {
  if (object === undefined) throw failure(code, operation, false);
  return object;
};

type Reads = { readonly [O in ReadName]?: (world: World, input: Input<O>) => Output<O> };
const reads: Reads = {
  DescribeHandshake({ sent, received }, { HandshakeId = '' }) {
    const handshake = sent.get(HandshakeId) ?? received.get(HandshakeId);
    return { Handshake: found(handshake, 'DescribeHandshake', 'HandshakeNotFoundException') };
  },
  DescribeResponsibilityTransfer({ inbound, outbound }, { Id = '' }) {
    const transfer = inbound.get(Id) ?? outbound.get(Id);
    const code = 'ResponsibilityTransferNotFoundException';
    return { ResponsibilityTransfer: found(transfer, 'DescribeResponsibilityTransfer', code) };
  },
};

/** An upstream whose lists are plain maps, whose calls take simulated time, and whose failures a test sets. */
export class FakeUpstream implements Upstream {
  readonly #clock: ManualClock;
  readonly #worlds = new Map<string, World>();
  readonly #listeners = new Set<(write: CompletedWrite) => void>();
  /** Calls so far, by operation. */
  readonly calls = new Map<OperationName, number>();
  /** Calls in flight. */
  inFlight = 0;
  /** The duration of a call, in ms. */
  latencyMs = 50;
  /** The same, by operation. */
  latencyOf: (operation: OperationName) => number = () => this.latencyMs;
  pageSize = 20;
  /** Puts an empty page before each page. */
  emptyPages = false;
  rate = Number.POSITIVE_INFINITY;
  /** Called before each reply, which shows the worlds as they are then. */
  answering: (operation: OperationName) => void = () => undefined;
  /** Returns the error of a call, if it is to fail. */
  failing: (operation: OperationName) => UpstreamError | undefined = () => undefined;

  constructor(clock: ManualClock) {
    this.#clock = clock;
  }

  world(principal: Principal): World {
    const world = this.#worlds.get(principal.name) ?? emptyWorld();
    this.#worlds.set(principal.name, world);
    return world;
  }

  count(operation: OperationName): number {
    return this.calls.get(operation) ?? 0;
  }

  /** Notifies the listeners of a write, as the upstream does before the write's own promise resolves. */
  wrote<O extends WriteName>(principal: Principal, operation: O, output: Output<O>, input: Input<O>, tookMs = 0): void {
    // As with the real monotonic clock, only differences have a meaning.
    const write: CompletedWrite<O> = { principal, operation, input, output, sentAt: 1_000, answeredAt: 1_000 + tookMs };
    for (const listener of this.#listeners) listener(write);
  }

  session(principal: Principal, { signal }: SessionOptions = {}): UpstreamSession {
    const world = this.world(principal);
    const cost = { calls: 0, cached: 0, coalesced: 0, waitedMs: 0, ageMs: 0 };
    const page = async <O extends ListName>(operation: O, input: Input<O>): Promise<Page<Item<O>>> => {
      cost.calls += 1;
      await this.#call(operation, signal);
      const { NextToken }: { NextToken?: string | undefined } = input;
      // A token names the last object of its page, so that additions and removals do not shift the next one.
      const [last = '', isEmpty] = (NextToken ?? `,${this.emptyPages}`).split(',');
      if (isEmpty === 'true') return { items: [], nextToken: `${last},false` };
      const rest = [...(lists[operation]?.(world) ?? [])]
        .filter(([id]) => id > last)
        .sort(([a], [b]) => (a < b ? -1 : 1));
      const end = rest[this.pageSize - 1]?.[0];
      const nextToken = rest.length > this.pageSize ? `${end},${this.emptyPages}` : undefined;
      return { items: rest.slice(0, this.pageSize).map(([, item]) => item), nextToken };
    };
    return {
      principal,
      cost,
      page,
      async *pages(operation, input) {
        let next: string | undefined;
        do {
          const { items, nextToken } = await page(operation, { ...input, NextToken: next });
          yield { items, nextToken };
          next = nextToken;
        } while (next !== undefined);
      },
      known: () => undefined,
      knownPage: () => undefined,
      read: async (operation, input) => {
        cost.calls += 1;
        await this.#call(operation, signal);
        const read = reads[operation];
        if (read === undefined) throw new TypeError(`${operation} is not faked`);
        return read(world, input);
      },
      write: () => Promise.reject(new TypeError('The fake upstream sends no writes: call wrote() instead.')),
      accountId: (other = principal) => other.accountId(),
    };
  }

  onWrite(listener: (write: CompletedWrite) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The fake has no cache to invalidate. */
  forget(): void {}

  ratePerSecond(): number {
    return this.rate;
  }

  async close(): Promise<void> {}

  /** The content of a reply is fixed when it is sent, so a list may change between its pages. */
  async #call(operation: OperationName, signal: AbortSignal | undefined): Promise<void> {
    const aborted = () => failure('ABORTED', operation, false);
    if (signal?.aborted) throw aborted();
    this.calls.set(operation, this.count(operation) + 1);
    this.inFlight += 1;
    try {
      await new Promise<void>((resolve, reject) => {
        const onAbort = () => {
          cancel();
          reject(aborted());
        };
        const cancel = this.#clock.after(this.latencyOf(operation), () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        });
        signal?.addEventListener('abort', onAbort);
      });
    } finally {
      this.inFlight -= 1;
    }
    this.answering(operation);
    const error = this.failing(operation);
    if (error !== undefined) throw error;
  }
}
