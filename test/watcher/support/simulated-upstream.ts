import { randomBytes } from 'node:crypto';
import type { Principal } from '../../../src/principal/principal.ts';
import { SimulatorControl } from '../../../src/simulator/control/control.ts';
import { createRandom } from '../../../src/simulator/faults/faults.ts';
import { Pager } from '../../../src/simulator/paging/pager.ts';
import { prepareCall } from '../../../src/simulator/protocol/organizations-endpoint.ts';
import { trustSignatures } from '../../../src/simulator/protocol/signature.ts';
import { ServiceError } from '../../../src/simulator/service-error.ts';
import type { World, WorldSettings } from '../../../src/simulator/world/world.ts';
import { createWorld } from '../../../src/simulator/worlds/create-world.ts';
import { dumpWorld } from '../../../src/simulator/worlds/dump-world.ts';
import {
  type CompletedWrite,
  type Input,
  type Item,
  type ListName,
  type OperationName,
  type Output,
  operations,
  type Page,
  type SessionOptions,
  toPage,
  type Upstream,
  UpstreamError,
  type UpstreamSession,
  type WriteName,
} from '../../../src/upstream/index.ts';
import type { ManualClock } from '../../support/manual-clock.ts';
import { failure } from './fake-upstream.ts';
import { stripPaths } from './without-paths.ts';

const retryableCodes: ReadonlySet<string> = new Set(['TooManyRequestsException', 'ServiceException']);

/** Of these lists a page begins at an index, so that an object that is removed shifts the next page. */
const shiftingLists: Readonly<Partial<Record<OperationName, string>>> = {
  ListAccounts: 'Accounts',
  ListOrganizationalUnitsForParent: 'OrganizationalUnits',
  ListPolicies: 'Policies',
  ListTargetsForPolicy: 'Targets',
};

/** Replies have seconds since the epoch, which the SDK turns into dates. */
const withDates = (value: unknown, name = ''): unknown => {
  if (Array.isArray(value)) return value.map((item) => withDates(item));
  if (typeof value === 'number') return /Timestamp$|Date$|^DateEnabled$/.test(name) ? new Date(value * 1000) : value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([key, member]) => [key, withDates(member, key)]),
  );
};

export interface SentCall {
  readonly operation: OperationName;
  /** The account that AWS counts it for. */
  readonly accountId: string;
  /** The process that has sent it. */
  readonly process: number;
  /** On the monotonic clock, in ms. */
  readonly at: number;
}

interface OldWorld {
  readonly at: number;
  readonly file: unknown;
}

/** AWS, simulated in this process on a manual clock, as several gateways see it. */
export class SimulatedAws {
  readonly world: World;
  readonly control: SimulatorControl;
  readonly clock: ManualClock;
  readonly calls: SentCall[] = [];
  inFlight = 0;
  /** The maximum of a call's duration, in ms. */
  maxLatencyMs = 200;
  /** Lists show the world as it was up to this time ago, in ms. Descriptions show the present. */
  maxLagMs = 0;
  /** The page size of lists whose pages shift; undefined for AWS's own pages. */
  shiftingPageSize: number | undefined;
  /** Whether replies have the paths of accounts and units, which emulators of AWS may omit. */
  hasPaths = true;
  /** Called after the world may have changed. */
  onChange: () => void = () => undefined;
  readonly #random: () => number;
  readonly #pager: Pager;
  readonly #old: OldWorld[] = [];
  #lagging: { readonly at: number; readonly world: World } | undefined;

  constructor(clock: ManualClock, seed: number, settings: WorldSettings) {
    this.clock = clock;
    this.#random = createRandom(seed);
    this.control = new SimulatorControl({ randomSeed: seed, throttleClock: () => clock.monotonicMs() });
    this.#pager = new Pager(randomBytes(32), () => this.control.shouldReturnEmptyPage());
    this.world = createWorld(
      'empty',
      this.#clockAt(() => clock.wallMs()),
      { account: '111111111111', settings },
    );
  }

  /** Runs what AWS does in the background, such as the creation of an account. */
  update(): void {
    const { scheduler } = this.world;
    if (scheduler.nextTaskAt > this.clock.wallMs()) return;
    this.world.now();
    this.#onChange();
  }

  /** Calls as an account, at once. Returns undefined if AWS refuses it. */
  tryToCall<O extends OperationName>(accountId: string, operation: O, input: Input<O>): Output<O> | undefined {
    try {
      return this.#run(this.world, accountId, operation, input) as Output<O>;
    } catch (error) {
      if (error instanceof ServiceError) return undefined;
      throw error;
    }
  }

  /** The reply to a call that a gateway sends. */
  async answer(
    { operation, accountId, process }: Omit<SentCall, 'at'>,
    input: object,
    signal: AbortSignal | undefined,
  ): Promise<object> {
    this.calls.push({ operation, accountId, process, at: this.clock.monotonicMs() });
    await this.#wait(1 + this.#random() * this.maxLatencyMs, operation, signal);
    const injected = this.control.takeFailure(operation, accountId);
    if (injected !== undefined) {
      const code = injected.kind === 'error' ? injected.error : 'ServiceException';
      throw failure(code, operation, retryableCodes.has(code));
    }
    try {
      const output = this.#read(accountId, operation, input) as object;
      return this.hasPaths ? output : (stripPaths(output) as object);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      throw new UpstreamError(error.message, {
        code: error.name,
        reason: error.reason,
        operation,
        retryable: retryableCodes.has(error.name),
      });
    }
  }

  #read(accountId: string, operation: OperationName, input: object): unknown {
    const world = operation.startsWith('List') ? this.#laggingWorld() : this.world;
    const member = shiftingLists[operation];
    const size = this.shiftingPageSize;
    if (member === undefined || size === undefined) return this.#run(world, accountId, operation, input);
    const { NextToken = '0', ...rest } = input as { readonly NextToken?: string };
    const start = Number(NextToken);
    const all: unknown[] = [];
    let token: string | undefined;
    do {
      const page = this.#run(world, accountId, operation, { ...rest, NextToken: token });
      all.push(...(page[member] as unknown[]));
      token = page['NextToken'] as string | undefined;
    } while (token !== undefined);
    const end = start + size;
    return { [member]: all.slice(start, end), ...(end < all.length && { NextToken: String(end) }) };
  }

  #run(world: World, accountId: string, operation: OperationName, input: object): Record<string, unknown> {
    this.update();
    const isRead = /^(Describe|List)/.test(operation);
    const authorization = `AWS4-HMAC-SHA256 Credential=${accountId}/20260101/us-east-1/organizations/aws4_request, SignedHeaders=host;x-amz-date, Signature=0`;
    const call = prepareCall(
      { world, control: this.control, pager: this.#pager, checkSignature: trustSignatures(() => world) },
      {
        method: 'POST',
        url: '/',
        headers: {
          'x-amz-target': `AWSOrganizationsV20161128.${operation}`,
          'x-amz-date': '20260101T000000Z',
          authorization,
        },
        body: Buffer.from(JSON.stringify(input)),
      },
    );
    const output = withDates(call.run() ?? {}) as Record<string, unknown>;
    if (!isRead) this.#onChange();
    return output;
  }

  #onChange(): void {
    this.#old.push({ at: this.clock.wallMs(), file: JSON.parse(JSON.stringify(dumpWorld(this.world))) });
    this.onChange();
  }

  /** The world at a random time of the last `maxLagMs`. */
  #laggingWorld(): World {
    const at = this.clock.wallMs() - this.#random() * this.maxLagMs;
    const old = this.#old.findLast((one) => one.at <= at);
    if (old === undefined || old === this.#old.at(-1)) return this.world;
    if (this.#lagging?.at !== old.at)
      this.#lagging = {
        at: old.at,
        world: createWorld(
          old.file,
          this.#clockAt(() => old.at),
          {},
        ),
      };
    return this.#lagging.world;
  }

  #clockAt(now: () => number) {
    const refuse = () => {
      throw new TypeError('The manual clock is advanced by the test.');
    };
    return { now, advance: refuse, set: refuse, rate: 0, setRate: refuse };
  }

  async #wait(ms: number, operation: OperationName, signal: AbortSignal | undefined): Promise<void> {
    const aborted = () => failure('ABORTED', operation, false);
    if (signal?.aborted) throw aborted();
    this.inFlight += 1;
    try {
      await new Promise<void>((resolve, reject) => {
        const onAbort = () => {
          cancel();
          reject(aborted());
        };
        const cancel = this.clock.after(ms, () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        });
        signal?.addEventListener('abort', onAbort);
      });
    } finally {
      this.inFlight -= 1;
    }
  }
}

/** The upstream of one process. */
export class SimulatedUpstream implements Upstream {
  readonly #aws: SimulatedAws;
  readonly #process: number;
  readonly #listeners = new Set<(write: CompletedWrite) => void>();

  constructor(aws: SimulatedAws, process: number) {
    this.#aws = aws;
    this.#process = process;
  }

  session(principal: Principal, { signal }: SessionOptions = {}): UpstreamSession {
    const cost = { calls: 0, cached: 0, coalesced: 0, waitedMs: 0, ageMs: 0 };
    const read = async <O extends OperationName>(operation: O, input: Input<O>): Promise<Output<O>> => {
      cost.calls += 1;
      const accountId = await principal.accountId();
      const call = { operation, accountId, process: this.#process };
      return (await this.#aws.answer(call, input, signal)) as Output<O>;
    };
    const page = async <O extends ListName>(operation: O, input: Input<O>): Promise<Page<Item<O>>> =>
      toPage(operation, await read(operation, input));
    return {
      principal,
      cost,
      page,
      read,
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
      write: () => Promise.reject(new TypeError('Call `write` of the upstream instead.')),
      accountId: (other = principal) => other.accountId(),
    };
  }

  /** Writes through this gateway, at once. Returns whether AWS has accepted it. */
  write<O extends WriteName>(principal: Principal, accountId: string, operation: O, input: Input<O>): boolean {
    const output = this.#aws.tryToCall(accountId, operation, input);
    if (output === undefined) return false;
    const write: CompletedWrite<O> = { principal, operation, input, output, sentAt: 1_000, answeredAt: 1_000 };
    for (const listener of this.#listeners) listener(write);
    return true;
  }

  onWrite(listener: (write: CompletedWrite) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  forget(): void {}

  ratePerSecond(operation: OperationName): number {
    return operations[operation].limit.rate;
  }

  async close(): Promise<void> {}
}
