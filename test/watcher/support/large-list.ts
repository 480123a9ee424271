import { later, type WallMs } from '../../../src/upstream/index.ts';
import { type EventFactory, MaterializedList } from '../../../src/watcher/event-log.ts';
import type { Batch, JournalReader, LogOffset, LogRecord, LogSnapshot, LogState } from '../../../src/watcher/index.ts';

/** An account, as AWS lists it. */
export interface Account {
  readonly Id: string;
  readonly Arn: string;
  readonly Email: string;
  readonly Name: string;
  readonly JoinedTimestamp: Date;
}

const start = Date.UTC(2026, 0, 1) as WallMs;

export const account = (number: number, name = `account ${number}`): Account => ({
  Id: String(100_000_000_000 + number),
  Arn: `arn:aws:organizations::111111111111:account/o-exampleorgid/${100_000_000_000 + number}`,
  Email: `account-${number}@example.com`,
  Name: name,
  JoinedTimestamp: new Date(start - number),
});

/** A batch without events that stores these objects. */
export const batchOf = (accounts: readonly Account[], more: Partial<Batch<Account>> = {}): Batch<Account> => ({
  records: [],
  patch: new Map(accounts.map((object) => [object.Id, { object, observedAt: start }])),
  read: undefined,
  at: start,
  ...more,
});

/** The records of a batch that changes these objects, after an offset. */
export const recordsOf = (
  accounts: readonly Account[],
  { epoch, sequence }: LogOffset,
): readonly LogRecord<Account>[] =>
  accounts.map((object, index) => ({
    ...{ epoch, sequence: sequence + 1 + index, at: later(start, index) },
    ...{ type: 'CHANGED', id: object.Id, previousState: null, object },
  }));

/** Receives a log like a channel does. */
export class ListReader implements JournalReader<Account> {
  readonly list = new MaterializedList<Account>(undefined as unknown as EventFactory, 10_000);
  readonly calls: string[] = [];
  readonly pendingRequest = undefined;
  readonly isOverdue = false;
  /** The epoch in which this process leads. */
  epoch = '';
  #onLead = () => {};
  /** Resolves when this process leads. */
  readonly leading = new Promise<void>((resolve) => {
    this.#onLead = resolve;
  });

  get last(): LogOffset {
    return this.list.last;
  }

  idOf({ Id }: Account): string {
    return Id;
  }

  get state(): LogState<Account> {
    return this.list;
  }

  onRestored(snapshot: LogSnapshot<Account>): void {
    this.calls.push('restored');
    this.list.replace(snapshot);
  }

  lead(epoch: string): void {
    this.epoch = epoch;
    this.#onLead();
  }

  follow(): void {}

  onCommitted(batch: Batch<Account>): void {
    this.calls.push(`committed ${batch.patch.size}`);
    this.list.apply(batch);
  }

  onReadElsewhere(): void {}
  onRequestCompleted(): void {}

  async readForOther(): Promise<void> {}

  onFailed(error: Error): void {
    throw error;
  }
}
