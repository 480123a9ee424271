import type { Input, OperationName, UpstreamSession } from '../../../src/upstream/index.ts';
import type { SweptListName } from '../../../src/watcher/kept-kinds.ts';
import { keptSweeps } from '../../../src/watcher/kept-sweeps.ts';
import type { KeptListName, KeptObjects } from '../../../src/watcher/kept-types.ts';
import type { KnownLists, PartialRead, RequestedRead } from '../../../src/watcher/sweep-types.ts';

export interface Call {
  readonly operation: OperationName;
  readonly input: object;
}

export const sweptLists = Object.keys(keptSweeps) as SweptListName[];

type Entries = Map<string, { readonly object: unknown }>;

/** A copy of an organization that reads complete parts one after another, without pacing and confirmation. */
export class KeptCopy implements KnownLists {
  /** The calls since `takeCalls`. */
  #calls: Call[] = [];
  readonly #session: UpstreamSession;
  readonly #entries = new Map<KeptListName, Entries>();
  readonly #complete = new Set<KeptListName>();
  /** The keys of the parts that were read, by list. */
  readonly #readKeys = new Map<KeptListName, Set<string>>();

  constructor(session: UpstreamSession) {
    this.#session = this.#recording(session);
  }

  objects<L extends KeptListName>(list: L): ReadonlyMap<string, { readonly object: KeptObjects[L] }> {
    return this.#entriesOf(list) as ReadonlyMap<string, { readonly object: KeptObjects[L] }>;
  }

  isComplete(list: KeptListName): boolean {
    return this.#complete.has(list);
  }

  /** The objects of a list by id. */
  plain<L extends KeptListName>(list: L): Record<string, KeptObjects[L]> {
    return Object.fromEntries([...this.objects(list)].map(([id, { object }]) => [id, object]));
  }

  /** The same lists, which change by themselves from now on. */
  clone(): KeptCopy {
    const copy = new KeptCopy(this.#session);
    for (const [list, entries] of this.#entries) copy.#entries.set(list, new Map(entries));
    for (const list of this.#complete) copy.#complete.add(list);
    for (const [list, keys] of this.#readKeys) copy.#readKeys.set(list, new Set(keys));
    return copy;
  }

  takeCalls(): readonly Call[] {
    const calls = this.#calls;
    this.#calls = [];
    return calls;
  }

  /** Reads all lists, each after those that it depends on. */
  async sweep(lists: readonly SweptListName[] = sweptLists): Promise<void> {
    this.#complete.clear();
    for (const list of lists) await this.#sweepList(list);
  }

  async #sweepList(list: SweptListName): Promise<void> {
    if (this.#complete.has(list)) return;
    const sweep = keptSweeps[list];
    for (const other of sweep.dependsOn) await this.#sweepList(other as SweptListName);
    const started = new Set<string>();
    this.#readKeys.set(list, started);
    for (let parts = this.#newParts(list, started); parts.length > 0; parts = this.#newParts(list, started)) {
      await Promise.all(parts.map((part) => this.#readPart(list, part)));
    }
    this.#dropOrphansOf(list);
    this.#complete.add(list);
  }

  /** Removes the objects of all lists whose owners are gone. */
  dropOrphans(): void {
    for (const list of sweptLists) this.#dropOrphansOf(list);
  }

  #dropOrphansOf(list: SweptListName): void {
    const entries = this.#entriesOf(list);
    for (const [id, { object }] of [...entries]) {
      if (keptSweeps[list].isOrphan?.(object as never, this)) entries.delete(id);
    }
  }

  #newParts(list: SweptListName, started: Set<string>): readonly PartialRead<unknown>[] {
    const parts = [...keptSweeps[list].parts(this)].filter(({ key }) => !started.has(key));
    for (const { key } of parts) started.add(key);
    return parts as PartialRead<unknown>[];
  }

  async read({ list, part }: RequestedRead): Promise<void> {
    if (part !== undefined) return this.#readPart(list as SweptListName, part);
    this.#complete.delete(list);
    await this.#sweepList(list as SweptListName);
  }

  /** Reads the parts that objects found since the sweep have added. */
  async readNewParts(): Promise<void> {
    for (const list of sweptLists) {
      const parts = this.#newParts(list, this.#readKeys.get(list) ?? new Set());
      await Promise.all(parts.map((part) => this.#readPart(list, part)));
    }
  }

  put(list: KeptListName, id: string, object: unknown): void {
    this.#entriesOf(list).set(id, { object });
  }

  delete(list: KeptListName, id: string): void {
    this.#entriesOf(list).delete(id);
  }

  async #readPart(list: SweptListName, part: PartialRead<unknown>): Promise<void> {
    const seen = new Set<string>();
    for (let token: string | undefined, isLast = false; !isLast; ) {
      const page = await part.read(this.#session, token);
      for (const object of page.objects) {
        const id = keptSweeps[list].kind.id(object as never);
        if (id === undefined) throw new Error(`an object of ${list} has no id`);
        seen.add(id);
        const known = this.#entriesOf(list).get(id)?.object;
        this.put(
          list,
          id,
          known === undefined ? object : (keptSweeps[list].complete?.(object as never, known as never) ?? object),
        );
      }
      token = page.nextToken;
      isLast = token === undefined;
    }
    for (const [id, { object }] of [...this.#entriesOf(list)]) {
      if (!seen.has(id) && contains(list, part, id, object)) this.delete(list, id);
    }
  }

  #entriesOf(list: KeptListName): Entries {
    let entries = this.#entries.get(list);
    if (entries === undefined) {
      entries = new Map();
      this.#entries.set(list, entries);
    }
    return entries;
  }

  #recording(session: UpstreamSession): UpstreamSession {
    const record = (operation: OperationName, input: object) => this.#calls.push({ operation, input });
    return new Proxy(session, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        return (operation: OperationName, input: Input<OperationName>) => {
          record(operation, input);
          return value.call(target, operation, input);
        };
      },
    });
  }
}

const contains = (list: SweptListName, part: PartialRead<unknown>, id: string, object: unknown): boolean => {
  if ('section' in part.contains) return keptSweeps[list].sectionOf(object as never) === part.contains.section;
  return 'ids' in part.contains ? part.contains.ids.includes(id) : part.contains.matches(object);
};
