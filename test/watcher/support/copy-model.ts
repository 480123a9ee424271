import { isDeepStrictEqual } from 'node:util';
import { MemoryLevel } from 'memory-level';
import { expect } from 'vitest';
import { configSchema } from '../../../src/config/index.ts';
import type { Principal } from '../../../src/principal/principal.ts';
import { operations, type WriteName } from '../../../src/upstream/index.ts';
import { idsOfEvent } from '../../../src/watcher/event-ids.ts';
import { createWatcher, type JournalStore, type Watcher } from '../../../src/watcher/index.ts';
import type { SweptListName } from '../../../src/watcher/kept-kinds.ts';
import { keptSweeps } from '../../../src/watcher/kept-sweeps.ts';
import type { KeepOptions, KeptListName, KeptOrganization } from '../../../src/watcher/kept-types.ts';
import { levelJournals } from '../../../src/watcher/level-journals.ts';
import type { Hint } from '../../../src/watcher/types.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { checkHistory } from './check-history.ts';
import { principalOf, settled, start } from './index.ts';
import { sweptLists } from './kept-copy.ts';
import { payer, type RandomWrite, randomWrites } from './random-writes.ts';
import { SharedJournals } from './shared-journals.ts';
import { inOrder, simulatedCopy } from './simulated-copy.ts';
import { SimulatedAws, SimulatedUpstream } from './simulated-upstream.ts';
import { SlowStore } from './slow-store.ts';
import { stripPaths } from './without-paths.ts';

export const keep: KeepOptions = {
  maxAgeMs: 120_000,
  tagsMaxAgeMs: 240_000,
  budgetShare: 0.5,
  tags: true,
  policyContents: true,
};

/** Writes that create an organization with objects in each list. */
export const smallOrganization: readonly (readonly [WriteName, number, number])[] = [
  ['CreateOrganization', 0, 0],
  ['EnablePolicyType', 0, 0],
  ['EnablePolicyType', 1, 0],
  ['CreateOrganizationalUnit', 0, 0],
  ['CreateOrganizationalUnit', 1, 1],
  ['CreateOrganizationalUnit', 2, 2],
  ['CreateAccount', 0, 0],
  ['CreateAccount', 1, 0],
  ['CreateAccount', 2, 0],
  ['CreateAccount', 3, 0],
  ['MoveAccount', 1, 1],
  ['MoveAccount', 2, 2],
  ['CreatePolicy', 0, 0],
  ['CreatePolicy', 1, 1],
  ['AttachPolicy', 0, 1],
  ['AttachPolicy', 1, 5],
  ['EnableAWSServiceAccess', 0, 0],
  ['RegisterDelegatedAdministrator', 1, 0],
  ['TagResource', 1, 1],
  ['PutResourcePolicy', 1, 0],
];

/** How the logs of a copy are stored: `shared` by two processes. */
export type Storage = 'memory' | 'level' | 'slow level' | 'shared';

/** The copy that one principal has in a process. */
interface Copy {
  readonly name: string;
  readonly kept: KeptOrganization;
  /** Whether own writes are made as its principal. */
  readonly isWriter: boolean;
}

interface Process {
  readonly number: number;
  readonly upstream: SimulatedUpstream;
  readonly watcher: Watcher;
  /** The copy of the principal that writes. */
  readonly kept: KeptOrganization;
  readonly copies: readonly Copy[];
  kill(): void;
}

export interface ModelOptions {
  /** Of the simulator. */
  readonly seed: number;
  /** What the watchers take for a random number. */
  readonly random: number;
  /** How many principals of the account keep a copy each: 1 or 2. */
  readonly principals: number;
  /** An own write reaches the other processes after this time, in ms. */
  readonly relayMs?: number;
}

/** The members of an object as texts; undefined if there is none. */
type Members = Readonly<Record<string, string>> | undefined;

/** A version of an object, valid from `from` until the next version. */
interface Version {
  readonly from: number;
  readonly members: Members;
}
const noVersions: readonly Version[] = [{ from: Number.NEGATIVE_INFINITY, members: undefined }];

const nameOf = ({ Key, ServicePrincipal, Type }: { Key?: string; ServicePrincipal?: string; Type?: string }) =>
  Key ?? ServicePrincipal ?? Type ?? '';

/** Each tag, service and policy type is a member of its own, as writes change one of them. */
const membersOf = (object: object | undefined): Members => {
  if (object === undefined) return undefined;
  const members: Record<string, string> = {};
  for (const [name, value] of Object.entries(object)) {
    if (['Tags', 'Services', 'PolicyTypes'].includes(name)) {
      for (const item of value) members[`${name} ${nameOf(item)}`] = String(item.Value ?? item.Status);
      // Its id is the object's.
    } else if (name !== 'ResourcePolicySummary') members[name] = JSON.stringify(inOrder(value));
  }
  return members;
};

/** Each version of each object of the simulator, by list and id. */
class History {
  readonly #versions = new Map<SweptListName, Map<string, Version[]>>();

  record(state: ReturnType<typeof simulatedCopy>, at: number): void {
    for (const list of sweptLists) {
      const ids = this.#versions.get(list) ?? new Map<string, Version[]>();
      this.#versions.set(list, ids);
      for (const id of new Set([...ids.keys(), ...Object.keys(state[list])])) {
        const members = membersOf(state[list][id]);
        const versions = ids.get(id) ?? [...noVersions];
        ids.set(id, versions);
        if (!isDeepStrictEqual(versions.at(-1)?.members, members)) versions.push({ from: at, members });
      }
    }
  }

  ids(list: SweptListName): Iterable<string> {
    return this.#versions.get(list)?.keys() ?? [];
  }

  /** The versions that were valid at some time since `since`, the newest last. */
  since(list: SweptListName, id: string, since: number): readonly Members[] {
    const versions = this.#versions.get(list)?.get(id) ?? noVersions;
    return versions
      .filter((_, index) => (versions[index + 1]?.from ?? Number.POSITIVE_INFINITY) >= since)
      .map(({ members }) => members);
  }

  /** The names of the members that the simulator's state has. */
  names(list: SweptListName, id: string): ReadonlySet<string> {
    const versions = this.#versions.get(list)?.get(id) ?? noVersions;
    return new Set(versions.flatMap(({ members }) => Object.keys(members ?? {})));
  }
}

/** Lists that are as old as the lists that determine their parts, too: an account that is not known has no tags. */
const dependsOn = (list: SweptListName): readonly KeptListName[] => {
  if (list === 'accounts' || list === 'organizationalUnits' || list === 'organization' || list === 'roots') return [];
  const found = new Set<KeptListName>();
  const add = (name: KeptListName) => {
    if (found.has(name)) return;
    found.add(name);
    if (Object.hasOwn(keptSweeps, name)) for (const other of keptSweeps[name as SweptListName].dependsOn) add(other);
  };
  for (const other of keptSweeps[list].dependsOn) add(other);
  return [...found];
};

export class CopyModel {
  readonly clock = new ManualClock(start);
  readonly aws: SimulatedAws;
  readonly principal = principalOf('partner');
  readonly #others: readonly Principal[];
  readonly history = new History();
  readonly #storage: Storage;
  readonly #store = new MemoryLevel<string, string>({ valueEncoding: 'utf8' });
  readonly #storeClock = new ManualClock(start);
  readonly #shared = new SharedJournals();
  readonly #random: number;
  readonly #relayMs: number;
  processes: Process[] = [];
  #processes = 0;
  /** When own writes to objects were answered by AWS and relayed to all processes, by list and id. */
  readonly #ownWrites = new Map<string, { readonly at: number; readonly relayedAt: number }>();
  /** Objects that the copy of a process has shown. */
  readonly #shown = new Set<string>();
  readonly #lateHints: (() => void)[] = [];
  readonly errors: unknown[] = [];
  /** The number of changes in the histories that were checked. */
  historyEntries = 0;
  readonly log: string[] = [];

  constructor(storage: Storage, { seed, random, principals, relayMs = 0 }: ModelOptions) {
    this.#storage = storage;
    this.#random = random;
    this.#relayMs = relayMs;
    if (relayMs > 0) this.#shared.deliver = (send) => void this.clock.after(relayMs, send);
    this.#others = [principalOf('auditor')].slice(0, principals - 1);
    this.aws = new SimulatedAws(this.clock, seed, {
      accountCreationMs: 5_000,
      closureMs: 5_000,
      policyTypeMs: seed % 2 === 0 ? 0 : 3_000,
      quotas: { accounts: 200 },
    });
    this.aws.onChange = () => this.history.record(this.#expected(), this.clock.wallMs());
  }

  /** Fills the organization, and starts to keep it. */
  async start(writes: readonly (readonly [WriteName, number, number])[]): Promise<void> {
    for (const [operation, a, b] of writes) {
      this.write(operation, a, b);
      await this.clock.advance(operation === 'CreateAccount' ? 6_000 : 10);
      this.aws.update();
    }
    this.#open();
    if (this.#storage === 'shared') this.#open();
  }

  #open(): void {
    const number = this.#processes;
    this.#processes += 1;
    const upstream = new SimulatedUpstream(this.aws, number);
    const { journals, kill } = this.#journals();
    const { watch } = configSchema.parse({});
    const error = (...details: unknown[]) => void this.errors.push(details);
    const log = { warn: () => undefined, error, info: () => undefined };
    const watcher = createWatcher(upstream, watch, { clock: this.clock, random: () => this.#random, journals, log });
    const kept = watcher.keep(this.principal, keep);
    const copies = [
      { name: this.principal.name, kept, isWriter: true },
      ...this.#others.map((other) => ({ name: other.name, kept: watcher.keep(other, keep), isWriter: false })),
    ];
    this.processes.push({ number, upstream, watcher, kept, copies, kill });
  }

  #journals(): { readonly journals: JournalStore | undefined; kill(): void } {
    if (this.#storage === 'memory') return { journals: undefined, kill: () => undefined };
    if (this.#storage === 'shared') return this.#shared.join();
    const slow = new SlowStore(this.#store, this.clock, this.#storage === 'slow level' ? 300 : 0);
    const onError = (error: unknown) => void this.errors.push(error);
    const stored = levelJournals(slow.open(), { keepEvents: 100, onError, clock: this.#storeClock });
    const { open, openHistory } = stored;
    return { journals: { open, openHistory, close: async () => {} }, kill: () => slow.kill() };
  }

  /** What a complete copy holds. The paths of accounts are derived where AWS has none, those of units are not. */
  #expected(): ReturnType<typeof simulatedCopy> {
    const expected = simulatedCopy(this.aws, payer);
    if (this.aws.hasPaths) return expected;
    return { ...expected, organizationalUnits: stripPaths(expected.organizationalUnits) as typeof expected.accounts };
  }

  /** Ends a process at once, and starts another. Another process takes over before it, if there is one. */
  async restart(at: number): Promise<void> {
    const [process] = this.processes.splice(at % Math.max(1, this.processes.length), 1);
    if (process === undefined) return;
    this.log.push(`${this.#time} process ${process.number} dies`);
    process.kill();
    await process.watcher.close();
    await settled();
    this.#shared.elect();
    await this.clock.advance(at * 100);
    this.#open();
    await settled();
  }

  choose(operation: WriteName, a: number, b: number): RandomWrite | undefined {
    const chosen = randomWrites[operation]?.(this.aws.world, a, b);
    return chosen && { operation, ...chosen };
  }

  /** Writes without this gateway. Returns the event of it. */
  write(operation: WriteName, a: number, b: number): Hint | undefined {
    const write = this.choose(operation, a, b);
    if (write === undefined) return undefined;
    const output = this.aws.tryToCall(write.accountId, operation, write.input as never);
    if (output === undefined) return undefined;
    this.log.push(`${this.#time} ${write.accountId} ${operation} ${JSON.stringify(write.input)}`);
    const event = { requestParameters: write.input, responseElements: output, recipientAccountId: write.accountId };
    return {
      eventName: operation,
      accountIds: [write.accountId, payer],
      objectIds: [],
      ids: idsOfEvent(operation, event),
    };
  }

  /** Writes through a gateway: the copies show it at once, or say that it may be missing. */
  ownWrite(operation: WriteName, a: number, b: number): void {
    this.aws.update();
    const write = this.choose(operation, a, b);
    const process = this.processes[b % Math.max(1, this.processes.length)];
    if (write === undefined || process === undefined) return;
    if (write.accountId !== payer) return;
    const before = this.#expected();
    const at = this.clock.wallMs();
    const written = { at, relayedAt: at + this.#relayMs };
    if (!process.upstream.write(this.principal, payer, operation, write.input as never)) return;
    this.log.push(`${this.#time} own ${operation} ${JSON.stringify(write.input)}`);
    const after = this.#expected();
    for (const list of sweptLists) {
      for (const id of new Set([...Object.keys(before[list]), ...Object.keys(after[list])])) {
        const [one, other] = [membersOf(before[list][id]), membersOf(after[list][id])];
        if ((one === undefined) !== (other === undefined)) this.#ownWrites.set(`${list} ${id}`, written);
        for (const name of Object.keys({ ...one, ...other }))
          if (one?.[name] !== other?.[name]) this.#ownWrites.set(`${list} ${id} ${name}`, written);
      }
    }
  }

  hint(hint: Hint | undefined, at: number): void {
    const [process] = this.processes.slice(at % Math.max(1, this.processes.length));
    if (hint !== undefined) process?.watcher.hint(hint);
  }

  hintLater(hint: Hint | undefined, ms: number): void {
    this.#lateHints.push(this.clock.after(ms, () => this.hint(hint, ms)));
  }

  /** Ages and contents of all lists, as far as they were read. */
  check(): void {
    this.aws.update();
    expect(this.errors).toEqual([]);
    for (const process of this.processes) {
      expect(process.watcher.faults).toBe(0);
      for (const copy of process.copies) for (const list of sweptLists) this.#checkList(process, copy, list);
    }
    this.#checkPace();
  }

  #checkList({ number }: Process, { kept, name: principal, isWriter }: Copy, list: SweptListName): void {
    const { objects, asOf, changedAt } = kept.list(list);
    if (objects === undefined || asOf === undefined) return;
    const ages = [asOf, ...dependsOn(list).map((other) => kept.list(other).asOf ?? Number.NEGATIVE_INFINITY)];
    const now = this.clock.wallMs();
    const since = Math.min(...ages) - this.aws.maxLagMs;
    expect(asOf).toBeLessThanOrEqual(now);
    for (const id of new Set([...this.history.ids(list), ...objects.keys()])) {
      const key = `${list} ${id}`;
      const object = objects.get(id)?.object as object | undefined;
      if (object !== undefined) this.#shown.add(`${number} ${principal} ${key}`);
      // A list whose pages shift may not show an object before it is read again.
      else if (this.aws.shiftingPageSize !== undefined && !this.#shown.has(`${number} ${principal} ${key}`)) continue;
      if (object !== undefined && this.#isOfDisabledType(object)) continue;
      const shown = membersOf(object);
      const names = object === undefined ? [] : this.history.names(list, id);
      for (const name of ['', ...names]) {
        // Without AWS's paths, the place of an account is as old as the last read of its parent, which has no age here.
        if (name === 'Paths' && !this.aws.hasPaths) continue;
        const valueIn = (members: Members) => (name === '' ? members !== undefined : members?.[name]);
        const ownWrite = isWriter ? this.#ownWrites.get(name === '' ? key : `${key} ${name}`) : undefined;
        const writtenAt = ownWrite !== undefined && now >= ownWrite.relayedAt ? ownWrite.at : Number.NEGATIVE_INFINITY;
        const isFlagged = changedAt !== undefined && changedAt >= writtenAt;
        const versions = this.history.since(list, id, isFlagged ? since : Math.max(since, writtenAt));
        if (versions.some((members) => valueIn(members) === valueIn(shown))) continue;
        const facts: Readonly<Record<string, number>> = { asOf, since, writtenAt, changedAt: changedAt ?? Number.NaN };
        const times = Object.entries(facts).map(([fact, time]) => `${fact} ${this.#sinceStart(time)}`);
        expect.fail(
          `${this.#time} process ${number}, ${principal}, shows an old ${key} ${name} (${times.join(', ')}):\n${valueIn(shown)}\ninstead of\n${versions.map(valueIn).join('\n')}\n${this.log.join('\n')}`,
        );
      }
    }
  }

  /** AWS shows policies while their type is not enabled yet, and the copy drops them when it notices that it is not. */
  #isOfDisabledType(object: object): boolean {
    const { Id, PolicyId, ResourceId }: { Id?: string; PolicyId?: string; ResourceId?: string } = object;
    for (const { policies, root } of this.aws.world.organizations.values()) {
      const policy = policies.get(PolicyId ?? ResourceId ?? Id ?? '');
      if (policy !== undefined) return root.policyTypes.get(policy.type)?.status !== 'ENABLED';
    }
    return false;
  }

  /** No two calls of one process to one operation are closer than its share of the rate allows. */
  #checkPace(): void {
    const last = new Map<string, number>();
    for (const { operation, process, at } of this.aws.calls) {
      if (watchedOperations.has(operation)) continue;
      const key = `${process} ${operation}`;
      const before = last.get(key);
      const intervalMs = 1000 / (operations[operation].limit.rate * keep.budgetShare);
      if (before !== undefined && at - before < intervalMs - 0.001)
        expect.fail(
          `process ${process} calls ${operation} after ${at - before} ms instead of ${intervalMs} ms\n${this.log.join('\n')}`,
        );
      last.set(key, at);
    }
  }

  /** Ends all faults, and waits until each list was read again. */
  async finish(): Promise<void> {
    this.aws.control.clearFaults();
    this.aws.maxLagMs = 0;
    for (const cancel of this.#lateHints) cancel();
    await this.clock.advance(2.5 * keep.tagsMaxAgeMs);
    this.aws.update();
    for (const { kept } of this.processes.flatMap(({ copies }) => copies)) {
      const expected = this.#expected();
      for (const list of sweptLists) {
        const { objects, state, changedAt } = kept.list(list);
        const isMissing = objects === undefined && Object.keys(expected[list]).length === 0;
        if (isMissing) continue;
        const actual = Object.fromEntries([...(objects ?? [])].map(([id, { object }]) => [id, object]));
        const where = `${list} ${state}\n${this.log.join('\n')}`;
        expect(Object.keys(actual).sort(), where).toEqual(Object.keys(expected[list]).sort());
        expect(inOrder(actual), where).toMatchObject(inOrder(expected[list]) as object);
        expect([list, state, changedAt], where).toEqual([list, 'READY', undefined]);
      }
      this.#checkWatchedLists(kept);
      this.historyEntries += await checkHistory(kept, this.log);
    }
  }

  /** The watched lists, too, are equal to AWS's. */
  #checkWatchedLists(kept: KeptOrganization): void {
    if (this.aws.world.accounts.get(payer)?.membership === undefined) return;
    for (const [list, [operation, member, input]] of Object.entries(watchedReads)) {
      const expected: unknown[] = [];
      for (let NextToken: string | undefined, isLast = false; !isLast; ) {
        const page: object = this.aws.tryToCall(payer, operation, { ...input, NextToken }) ?? {};
        expected.push(...((Reflect.get(page, member) as unknown[] | undefined) ?? []));
        NextToken = Reflect.get(page, 'NextToken') as string | undefined;
        isLast = NextToken === undefined;
      }
      const { objects, state } = kept.list(list as keyof typeof watchedReads);
      const actual = [...(objects?.values() ?? [])].map(({ object }) => object);
      const where = `${list} ${state}\n${this.log.join('\n')}`;
      expect(actual.length, where).toBe(expected.length);
      expect(actual, where).toEqual(expect.arrayContaining(expected));
      expect(state, where).toBe('READY');
    }
  }

  async end(): Promise<void> {
    for (const { watcher } of this.processes) await watcher.close();
    await this.clock.advance(60_000);
    expect(this.aws.inFlight).toBe(0);
    expect(this.clock.pending).toBe(0);
    expect(this.errors).toEqual([]);
  }

  get #time(): string {
    return this.#sinceStart(this.clock.wallMs());
  }

  #sinceStart(time: number): string {
    return ((time - start) / 1000).toFixed(3);
  }
}

/** The operation that reads a watched list, the member of its replies with the objects, and its input. */
const watchedReads = {
  organizationHandshakes: ['ListHandshakesForOrganization', 'Handshakes', {}],
  accountHandshakes: ['ListHandshakesForAccount', 'Handshakes', {}],
  inboundResponsibilityTransfers: [
    'ListInboundResponsibilityTransfers',
    'ResponsibilityTransfers',
    { Type: 'BILLING' },
  ],
  outboundResponsibilityTransfers: [
    'ListOutboundResponsibilityTransfers',
    'ResponsibilityTransfers',
    { Type: 'BILLING' },
  ],
  createAccountStatuses: ['ListCreateAccountStatus', 'CreateAccountStatuses', {}],
} as const;

/** Pollers of these lists may poll in bursts. */
const watchedOperations: ReadonlySet<string> = new Set(Object.values(watchedReads).map(([operation]) => operation));
