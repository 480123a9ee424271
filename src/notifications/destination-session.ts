import type { NotificationConfig } from '../config/index.ts';
import type { Principal } from '../principal/index.ts';
import { awsTime, type Clock, later, type Upstream, type WallMs } from '../upstream/index.ts';
import type { ObjectFilter, Watcher } from '../watcher/index.ts';
import type { Deliver } from './delivery.ts';
import { changeEvent, sourceOf } from './events/change-event.ts';
import { listsOfType, type NotifiedList, type ObjectType } from './events/objects.ts';
import { expiringEvent, type Gap } from './events/other-events.ts';
import { accountFilter, matcherOf } from './filters.ts';
import { ListReader, type NotifiedEvent } from './list-reader.ts';
import type { Outbox } from './outbox.ts';
import { readOwner } from './owner.ts';
import { type DueReminder, Reminders, remindedLists } from './reminders.ts';
import { Sender } from './sender.ts';
import type { DestinationStatus } from './status.ts';

export interface SessionDependencies {
  readonly watcher: Pick<Watcher, 'watch' | 'watchList'>;
  readonly upstream: Pick<Upstream, 'session'>;
  readonly principal: Principal;
  readonly clock: Clock;
  readonly random: () => number;
  readonly deliver: Deliver;
  readonly status: DestinationStatus;
}

export interface SessionOptions extends SessionDependencies {
  readonly config: NotificationConfig;
  readonly outbox: Outbox;
  readonly mayISend: () => boolean;
  /** Called when the outbox fails: the session has to be replaced by a new one. */
  readonly onError: (error: unknown) => void;
}

/** A reminder may be forgotten when its time has passed for a day, in ms. */
const REMINDER_KEPT_MS = 86_400_000;

/**
 * Adds the changes of a destination's lists to its outbox, and sends them, as long as this process has the lease. Lists
 * are read, and events are sent, independently of each other.
 */
export class DestinationSession {
  readonly sender: Sender;
  readonly #options: SessionOptions;
  readonly #abort = new AbortController();
  readonly #include: ReadonlySet<NotificationConfig['include'][number]>;
  readonly #matchers: ReadonlyMap<ObjectType, (object: unknown) => boolean>;
  readonly #reminders: Reminders | undefined;
  #owner = '';

  constructor(options: SessionOptions) {
    this.#options = options;
    const { config, outbox, deliver, clock, random, status, mayISend } = options;
    this.#include = new Set(config.include);
    this.#matchers = new Map(config.events.map((type) => [type, matcherOf(type, config.filter)]));
    const onError = (error: unknown) => this.#fail(error);
    this.sender = new Sender({
      ...{ name: config.name, retry: config.retry, outbox, deliver, clock, random, status, mayISend, onError },
    });
    if (config.expiring !== undefined)
      this.#reminders = new Reminders({
        beforeMs: config.expiring.beforeMs,
        clock,
        now: () => awsTime(options.principal),
        matches: (type, object) => this.#matches(type, object),
        isDone: (key) => outbox.hasReminder(key),
        onDue: (due) => this.#remind(due),
        onFatal: onError,
      });
  }

  start(): void {
    const { config } = this.#options;
    this.sender.wake();
    for (const type of new Set(config.events))
      for (const list of listsOfType[type]) {
        void this.#createReader(type, list).run();
        if (this.#reminders !== undefined && remindedLists[list] !== undefined)
          void this.#createReminderReader(list, this.#reminders).run();
      }
  }

  stop(): void {
    this.#abort.abort();
    this.#reminders?.stop();
    this.sender.stop();
  }

  #fail(error: unknown): void {
    if (this.#abort.signal.aborted) return;
    this.stop();
    this.#options.onError(error);
  }

  #matches(type: ObjectType, object: unknown): boolean {
    return this.#matchers.get(type)?.(object) === true;
  }

  get #readerOptions() {
    const { watcher, principal, clock, random } = this.#options;
    const { signal } = this.#abort;
    const prepare = () => this.#readOwner();
    return { watcher, principal, clock, random, signal, prepare, onFatal: (error: unknown) => this.#fail(error) };
  }

  #createReader(type: ObjectType, list: NotifiedList): ListReader {
    const { outbox, config, status, clock } = this.#options;
    const filter = type === 'account' ? accountFilter(config.filter) : undefined;
    const gap = (): Gap => {
      const now = clock.wallMs();
      return { reason: 'LOG_LOST', since: now, until: now, events: null, firstId: null, lastId: null, list };
    };
    let isCursorValid = true;
    return new ListReader({
      ...this.#readerOptions,
      list,
      filter: filter as ObjectFilter<never> | undefined,
      cursor: () => (isCursorValid ? outbox.cursor(list) : undefined),
      onError: (error) => status.setListError(list, error),
      onInvalidCursor: async () => {
        isCursorValid = false;
      },
      onEvents: async (events) => {
        // A cursor inside a snapshot leads to a new one.
        const position = events.findLast(({ type: kind }) => kind !== 'SNAPSHOT');
        if (position === undefined) return;
        const isReset = events.some(({ type: kind, reset }) => kind === 'BOOKMARK' && reset);
        const isLost = isReset && outbox.cursor(list) !== undefined;
        const drafts = events.flatMap((event) => this.#draftOf(type, list, event) ?? []);
        await outbox.add({
          events: drafts,
          at: clock.wallMs(),
          cursor: { list, text: position.cursor },
          gap: isLost ? gap() : undefined,
        });
        isCursorValid = true;
        if (drafts.length > 0 || isLost) this.sender.wake();
      },
    });
  }

  #draftOf(type: ObjectType, list: NotifiedList, event: NotifiedEvent) {
    if (event.object === null || (type !== 'account' && !this.#matches(type, event.object))) return undefined;
    return changeEvent({ type, list, event }, { owner: this.#owner, include: this.#include });
  }

  /** Reads the whole list at first, as deadlines are of objects that do not change. */
  #createReminderReader(list: NotifiedList, reminders: Reminders): ListReader {
    return new ListReader({
      ...this.#readerOptions,
      list,
      cursor: () => {
        reminders.clear(list);
        return undefined;
      },
      onError: () => undefined,
      onEvents: async (events) => reminders.onEvents(list, events),
    });
  }

  async #remind(due: readonly DueReminder[]): Promise<void> {
    const { outbox, clock } = this.#options;
    const now = clock.wallMs();
    await outbox.add({
      events: due.map((reminder) =>
        expiringEvent(reminder, { source: sourceOf(this.#owner, reminder.list), include: this.#include, now }),
      ),
      at: now,
      reminders: new Map(due.map(({ key, at }) => [key, later(at, REMINDER_KEPT_MS) as WallMs])),
    });
    this.sender.wake();
  }

  /** The account may have joined another organization since. */
  async #readOwner(): Promise<void> {
    const { upstream, principal } = this.#options;
    this.#owner = await readOwner(upstream, principal);
  }
}
