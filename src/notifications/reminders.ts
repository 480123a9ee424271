import type { aws } from '../upstream/index.ts';
import { type Clock, later, type WallMs } from '../upstream/index.ts';
import { handshakeKind } from '../watcher/kinds.ts';
import type { NotifiedList, ObjectType } from './events/objects.ts';
import { type Deadline, type Reminder, reminderKey } from './events/other-events.ts';
import type { NotifiedEvent } from './list-reader.ts';

export interface RemindersOptions {
  readonly beforeMs: number;
  readonly clock: Clock;
  /** The time at AWS, by which invitations expire. */
  readonly now: () => WallMs;
  readonly matches: (type: ObjectType, object: unknown) => boolean;
  readonly isDone: (key: string) => boolean;
  /** Called with reminders that are due. Resolves when `isDone` is true for them. */
  readonly onDue: (due: readonly DueReminder[]) => Promise<void>;
  readonly onFatal: (error: unknown) => void;
}

export interface DueReminder extends Reminder {
  readonly key: string;
}

/** The lists that have objects with deadlines. */
export const remindedLists: { readonly [L in NotifiedList]?: ObjectType } = {
  organizationHandshakes: 'handshake',
  accountHandshakes: 'handshake',
  inboundResponsibilityTransfers: 'responsibilityTransfer',
  outboundResponsibilityTransfers: 'responsibilityTransfer',
};

/** The time at AWS may be moved, so that deadlines are compared with it this often, in ms. */
const MAX_CHECK_INTERVAL_MS = 5_000;
const MIN_CHECK_INTERVAL_MS = 1_000;

function* deadlinesOf(type: ObjectType, object: unknown): Generator<readonly [Deadline, WallMs]> {
  if (type === 'handshake') {
    const { State, ExpirationTimestamp } = object as aws.Handshake;
    if (handshakeKind.isPending(State ?? '') && ExpirationTimestamp !== undefined)
      yield ['EXPIRES', ExpirationTimestamp.getTime() as WallMs];
    return;
  }
  const { Status, StartTimestamp, EndTimestamp } = object as aws.ResponsibilityTransfer;
  if (Status === 'ACCEPTED' && StartTimestamp !== undefined) yield ['STARTS', StartTimestamp.getTime() as WallMs];
  const isBilling = Status === 'ACCEPTED' || Status === 'WITHDRAWN';
  if (isBilling && EndTimestamp !== undefined) yield ['ENDS', EndTimestamp.getTime() as WallMs];
}

/** Finds the objects whose deadline comes soon, each deadline once. */
export class Reminders {
  readonly #options: RemindersOptions;
  /** The objects of each list with deadlines, by id. */
  readonly #objects = new Map<NotifiedList, Map<string, unknown>>();
  #cancelTimer: (() => void) | undefined;
  #isRunning = false;
  #isStopped = false;

  constructor(options: RemindersOptions) {
    this.#options = options;
  }

  /** The events of a list, which begin with a snapshot. */
  onEvents(list: NotifiedList, events: readonly NotifiedEvent[]): void {
    const type = remindedLists[list];
    if (type === undefined) return;
    const objects = this.#objects.get(list) ?? new Map<string, unknown>();
    this.#objects.set(list, objects);
    for (const { object, ...event } of events) {
      if (object === null) continue;
      const id = (object as { readonly Id?: string }).Id ?? '';
      const isKept = event.type !== 'REMOVED' && !deadlinesOf(type, object).next().done;
      if (isKept) objects.set(id, object);
      else objects.delete(id);
    }
    this.#check();
  }

  /** A new snapshot of the list follows. */
  clear(list: NotifiedList): void {
    this.#objects.delete(list);
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancelTimer?.();
  }

  #check(): void {
    this.#cancelTimer?.();
    if (this.#isStopped || this.#isRunning) return;
    this.#isRunning = true;
    this.#sendDue()
      .catch(this.#options.onFatal)
      .finally(() => {
        this.#isRunning = false;
        this.#schedule();
      });
  }

  async #sendDue(): Promise<void> {
    const due = [...this.#due()];
    if (due.length > 0) await this.#options.onDue(due);
  }

  *#due(): Generator<DueReminder> {
    const now = this.#options.now();
    const keys = new Set<string>();
    for (const [reminder, remindAt] of this.#all()) {
      const { key, at, type, object } = reminder;
      // An object may be in two lists.
      if (remindAt > now || at <= now || keys.has(key) || this.#options.isDone(key)) continue;
      if (!this.#options.matches(type, object)) continue;
      keys.add(key);
      yield reminder;
    }
  }

  *#all(): Generator<readonly [DueReminder, WallMs]> {
    for (const [list, objects] of this.#objects) {
      const type = remindedLists[list];
      if (type === undefined) continue;
      for (const [id, object] of objects)
        for (const [deadline, at] of deadlinesOf(type, object)) {
          const reminder = { type, list, object, deadline, at, key: reminderKey(id, deadline, at) };
          yield [reminder, later(at, -this.#options.beforeMs)];
        }
    }
  }

  #schedule(): void {
    if (this.#isStopped) return;
    const now = this.#options.now();
    let waitMs = MAX_CHECK_INTERVAL_MS;
    for (const [, remindAt] of this.#all()) if (remindAt > now) waitMs = Math.min(waitMs, remindAt - now);
    this.#cancelTimer = this.#options.clock.after(Math.max(MIN_CHECK_INTERVAL_MS, waitMs), () => this.#check());
  }
}
