import type { Principal } from '../../../src/principal/principal.ts';
import type {
  aws,
  CompletedWrite,
  Input,
  Item,
  ListName,
  OperationName,
  Output,
  Page,
  ReadName,
  SessionOptions,
  UncertainWrite,
  Upstream,
  UpstreamError,
  UpstreamSession,
  WriteName,
} from '../../../src/upstream/index.ts';
import type { ManualClock } from '../../support/manual-clock.ts';
import { failure } from './fake-upstream.ts';

/** An organization as AWS has it. Tests change its maps. */
export class FakeOrganization {
  organizationId = 'o-one';
  readonly roots = new Map<string, aws.Root>();
  readonly accounts = new Map<string, aws.Account>();
  readonly units = new Map<string, aws.OrganizationalUnit & { readonly parentId: string }>();
  readonly policies = new Map<string, aws.PolicySummary>();
  /** Ids of targets by policy. */
  readonly targets = new Map<string, Set<string>>();
  readonly tags = new Map<string, readonly aws.Tag[]>();
  readonly services = new Set<string>();
  readonly sent = new Map<string, aws.Handshake>();

  constructor() {
    const PolicyTypes = [{ Type: 'SERVICE_CONTROL_POLICY', Status: 'ENABLED' }] as const;
    this.roots.set('r-root', { Id: 'r-root', Name: 'Root', PolicyTypes: [...PolicyTypes] });
    this.addPolicy('p-FullAWSAccess', true);
  }

  addAccount(number: number, members: Partial<aws.Account> = {}): aws.Account {
    const Id = String(100_000_000_000 + number);
    const Paths = [`${this.organizationId}/r-root/${Id}/`];
    const account: aws.Account = {
      Id,
      Name: `Account ${number}`,
      State: 'ACTIVE',
      Status: 'ACTIVE',
      Paths,
      ...members,
    };
    this.accounts.set(Id, account);
    return account;
  }

  addPolicy(Id: string, AwsManaged = false): void {
    this.policies.set(Id, { Id, Name: Id, Description: '', Type: 'SERVICE_CONTROL_POLICY', AwsManaged });
    this.targets.set(Id, new Set(AwsManaged ? ['r-root'] : []));
  }
}

const found = <T>(object: T | undefined, operation: OperationName, code: string): T => {
  if (object === undefined) throw failure(code, operation, false);
  return object;
};

type Lists = { readonly [O in ListName]?: (world: FakeOrganization, input: Input<O>) => readonly Item<O>[] };
const lists: Lists = {
  ListRoots: ({ roots }) => [...roots.values()],
  ListAccounts: ({ accounts }) => [...accounts.values()],
  ListOrganizationalUnitsForParent: ({ units }, { ParentId }) =>
    [...units.values()].filter(({ parentId }) => parentId === ParentId).map(({ parentId: _, ...unit }) => unit),
  ListPolicies: ({ policies }) => [...policies.values()],
  ListTargetsForPolicy: ({ targets }, { PolicyId = '' }) =>
    [...(targets.get(PolicyId) ?? [])].map((TargetId) => ({ TargetId })),
  ListPoliciesForTarget: ({ targets, policies }, { TargetId = '' }) =>
    [...policies.values()].filter(({ Id = '' }) => targets.get(Id)?.has(TargetId)),
  ListTagsForResource: ({ tags }, { ResourceId = '' }) => tags.get(ResourceId) ?? [],
  ListDelegatedAdministrators: () => [],
  ListHandshakesForOrganization: ({ sent }) => [...sent.values()],
  ListHandshakesForAccount: () => [],
  ListInboundResponsibilityTransfers: () => [],
  ListOutboundResponsibilityTransfers: () => [],
  ListCreateAccountStatus: () => [],
  ListAWSServiceAccessForOrganization: ({ services }) =>
    [...services].map((ServicePrincipal) => ({ ServicePrincipal })),
};

type Reads = { readonly [O in ReadName]?: (world: FakeOrganization, input: Input<O>) => Output<O> };
const reads: Reads = {
  DescribeOrganization: ({ organizationId }) => ({
    Organization: {
      Id: found(organizationId || undefined, 'DescribeOrganization', 'AWSOrganizationsNotInUseException'),
      FeatureSet: 'ALL',
      MasterAccountId: '111111111111',
    },
  }),
  DescribeAccount: ({ accounts }, { AccountId = '' }) => ({
    Account: found(accounts.get(AccountId), 'DescribeAccount', 'AccountNotFoundException'),
  }),
  DescribePolicy: ({ policies }, { PolicyId = '' }) => ({
    Policy: {
      PolicySummary: found(policies.get(PolicyId), 'DescribePolicy', 'PolicyNotFoundException'),
      Content: `{"of":"${PolicyId}"}`,
    },
  }),
  DescribeResourcePolicy: () => {
    throw failure('ResourcePolicyNotFoundException', 'DescribeResourcePolicy', false);
  },
};

export interface FakeCall {
  readonly operation: OperationName;
  readonly input: object;
  /** On the monotonic clock, in ms. */
  readonly at: number;
}

/** An upstream over one organization, whose calls take simulated time, and whose failures a test sets. */
export class OrganizationUpstream implements Upstream {
  readonly #clock: ManualClock;
  readonly #listeners = new Set<(write: CompletedWrite | UncertainWrite) => void>();
  readonly world = new FakeOrganization();
  calls: FakeCall[] = [];
  inFlight = 0;
  latencyMs = 50;
  rate = 10;
  pageSize = 20;
  /** The time that a call waits for interactive ones before it is sent, in ms. */
  waitMs = 0;
  /** Called before each reply, which shows the world as it is then. */
  answering: (call: FakeCall) => void = () => undefined;
  /** Returns the error of a call, if it is to fail. */
  failing: (call: FakeCall) => UpstreamError | undefined = () => undefined;

  constructor(clock: ManualClock) {
    this.#clock = clock;
  }

  count(operation: OperationName): number {
    return this.calls.filter((call) => call.operation === operation).length;
  }

  /** Returns the calls since the last time. */
  take(): FakeCall[] {
    return this.calls.splice(0);
  }

  session(principal: Principal, { signal }: SessionOptions = {}): UpstreamSession {
    const cost = { calls: 0, cached: 0, coalesced: 0, waitedMs: 0, ageMs: 0 };
    const page = async <O extends ListName>(operation: O, input: Input<O>): Promise<Page<Item<O>>> => {
      await this.#call(operation, input, cost, signal);
      const { NextToken }: { NextToken?: string | undefined } = input;
      const items = lists[operation]?.(this.world, input);
      if (items === undefined) throw new TypeError(`${operation} is not faked`);
      const start = Number(NextToken ?? 0);
      const end = start + this.pageSize;
      return { items: items.slice(start, end), nextToken: end < items.length ? String(end) : undefined };
    };
    return {
      principal,
      cost,
      page,
      pages: () => {
        throw new TypeError('The copy reads page by page.');
      },
      known: () => undefined,
      knownPage: () => undefined,
      read: async (operation, input) => {
        await this.#call(operation, input, cost, signal);
        const read = reads[operation];
        if (read === undefined) throw new TypeError(`${operation} is not faked`);
        return read(this.world, input);
      },
      write: () => Promise.reject(new TypeError('The fake upstream sends no writes: call wrote() instead.')),
      accountId: (other = principal) => other.accountId(),
    };
  }

  wrote<O extends WriteName>(principal: Principal, operation: O, output: Output<O>, input: Input<O>): void {
    const write: CompletedWrite<O> = { principal, operation, input, output, sentAt: 1_000, answeredAt: 1_000 };
    this.notify(write);
  }

  notify(write: CompletedWrite | UncertainWrite): void {
    for (const listener of this.#listeners) listener(write);
  }

  onWrite(listener: (write: CompletedWrite | UncertainWrite) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  forget(): void {}

  ratePerSecond(): number {
    return this.rate;
  }

  async close(): Promise<void> {}

  async #call(
    operation: OperationName,
    input: object,
    cost: { calls: number; waitedMs: number },
    signal: AbortSignal | undefined,
  ): Promise<void> {
    await this.#wait(this.waitMs, operation, signal);
    cost.waitedMs += this.waitMs;
    cost.calls += 1;
    const call = { operation, input, at: this.#clock.monotonicMs() };
    this.calls.push(call);
    await this.#wait(this.latencyMs, operation, signal);
    this.answering(call);
    const error = this.failing(call);
    if (error !== undefined) throw error;
  }

  async #wait(ms: number, operation: OperationName, signal: AbortSignal | undefined): Promise<void> {
    const aborted = () => failure('ABORTED', operation, false);
    if (signal?.aborted) throw aborted();
    if (ms === 0) return;
    this.inFlight += 1;
    try {
      await new Promise<void>((resolve, reject) => {
        const onAbort = () => {
          cancel();
          reject(aborted());
        };
        const cancel = this.#clock.after(ms, () => {
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
