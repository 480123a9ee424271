import { ChangeAudience, type PublishedLists } from './change-audience.ts';
import { repeatEvery } from './channel-lease.ts';
import type { WatchContext } from './context.ts';
import type { Position } from './cursor.ts';
import type { CreateEndError } from './errors.ts';
import type { LogOffset, LogRecord } from './journal.ts';
import type { KeptListName } from './kept-types.ts';
import type { ChangedList, ChangedObjects, ObjectFilter } from './list-changes.ts';
import type { Subscription } from './subscription.ts';

/** Whether the subscribers of a list can be served. `end`: the error of those that wait; `createEnd`: of the others. */
export interface ListReadiness {
  /** The stored log was loaded. */
  readonly isLoaded: boolean;
  /** The list is complete, and not older than a query accepts. */
  readonly isReady: boolean;
  readonly failure?: { readonly error: Error; readonly createEnd: CreateEndError } | undefined;
}

export interface ChangeSource extends PublishedLists {
  readinessOf(list: KeptListName): ListReadiness;
}

interface Waiting {
  readonly subscription: Subscription<ChangedObjects[ChangedList]>;
  readonly after: Position | undefined;
}

/** Publishes the changes of the lists of one copy to subscribers, from the moment at which the lists are complete. */
export class ChangePublisher {
  readonly #context: Pick<WatchContext, 'clock' | 'config' | 'faults'>;
  readonly #source: ChangeSource;
  readonly #audiences = new Map<string, { readonly audience: ChangeAudience; readonly waiting: Set<Waiting> }>();
  #cancelBookmarks: (() => void) | undefined;

  constructor(context: Pick<WatchContext, 'clock' | 'config' | 'faults'>, source: ChangeSource) {
    this.#context = context;
    this.#source = source;
  }

  /** Feeds a subscriber from now on, or from when the lists are complete. */
  attach<L extends ChangedList>(
    subscription: Subscription<ChangedObjects[L]>,
    list: L,
    filter: ObjectFilter<ChangedObjects[L]> | undefined,
    after: Position | undefined,
  ): void {
    if (subscription.ended) return;
    const created = new ChangeAudience<L>(this.#source, list, filter) as unknown as ChangeAudience;
    const key = `${list}${created.scope}`;
    const entry = this.#audiences.get(key) ?? { audience: created, waiting: new Set<Waiting>() };
    this.#audiences.set(key, entry);
    const waiting = { subscription: subscription as unknown as Waiting['subscription'], after };
    entry.waiting.add(waiting);
    const { clock, config, faults } = this.#context;
    this.#cancelBookmarks ??= repeatEvery(clock, config.bookmarkMs, () =>
      faults.guard('sending bookmarks', () => this.#bookmark()),
    );
    subscription.onEnd(() => {
      entry.waiting.delete(waiting);
      // The audience forgets the subscriber in its own listener.
      queueMicrotask(() => this.#drop(key));
    });
    this.#check(entry);
  }

  /** A batch of a list is stored, or its state has changed. `before`: the end of its log before. */
  onStored(list: KeptListName, before: LogOffset, records: readonly LogRecord<unknown>[]): void {
    for (const { audience } of [...this.#audiences.values()]) audience.onStored(list, before, records);
    this.check();
  }

  /** Serves the subscribers whose lists are complete now, and ends those whose lists cannot be read. */
  check(): void {
    for (const entry of [...this.#audiences.values()]) this.#check(entry);
  }

  /** Ends subscribers of a list. `isWaiting`: also those that have received nothing yet. */
  fail(list: KeptListName, createEnd: CreateEndError, isWaiting: boolean): void {
    for (const entry of [...this.#audiences.values()])
      if (entry.audience.followed.includes(list)) this.#fail(entry, createEnd, isWaiting);
  }

  /** Ends all subscribers, or all that have received something. */
  failAll(createEnd: CreateEndError, isWaiting: boolean): void {
    for (const entry of [...this.#audiences.values()]) this.#fail(entry, createEnd, isWaiting);
  }

  #fail(
    { audience, waiting }: { readonly audience: ChangeAudience; readonly waiting: ReadonlySet<Waiting> },
    createEnd: CreateEndError,
    isWaiting: boolean,
  ): void {
    audience.fail(createEnd);
    if (isWaiting) for (const { subscription } of [...waiting]) subscription.fail(createEnd);
  }

  #check({ audience, waiting }: { readonly audience: ChangeAudience; readonly waiting: Set<Waiting> }): void {
    const required = [...audience.required].map((list) => this.#source.readinessOf(list));
    const failure = required.find((one) => one.failure !== undefined)?.failure;
    if (failure !== undefined) {
      for (const { subscription } of [...waiting]) subscription.fail(() => failure.error);
      audience.fail(failure.createEnd);
      return;
    }
    if (waiting.size === 0 || !required.every(({ isReady }) => isReady)) return;
    if (!audience.followed.every((list) => this.#source.readinessOf(list).isLoaded)) return;
    for (const each of [...waiting]) {
      waiting.delete(each);
      audience.attach(each.subscription, each.after);
    }
  }

  #bookmark(): void {
    for (const { audience } of this.#audiences.values()) audience.bookmark();
  }

  #drop(key: string): void {
    const entry = this.#audiences.get(key);
    if (entry === undefined || entry.audience.size > 0 || entry.waiting.size > 0) return;
    this.#audiences.delete(key);
    if (this.#audiences.size > 0) return;
    this.#cancelBookmarks?.();
    this.#cancelBookmarks = undefined;
  }
}
