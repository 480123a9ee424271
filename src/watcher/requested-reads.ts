import type { WallMs } from '../upstream/index.ts';
import { callPriorities } from './call-pacer.ts';
import type { ChangeCause } from './history/history-types.ts';
import type { PartCheck } from './part-check.ts';
import type { PartialRead } from './sweep-types.ts';

interface RequestedPart<T> {
  readonly part: PartialRead<T>;
  /** Why it is read, if that is an event. */
  cause: ChangeCause | undefined;
  /** Whether its first page was requested from AWS. */
  isSent: boolean;
  /** Whether it was requested again since. */
  isRepeated: boolean;
  readonly done: Promise<void>;
}

/** The maximum number of requested reads that wait. Beyond, the whole list is read. */
const maxRequestedReads = 1_000;

/** The parts of a list that events and own writes request. A part that waits to be read is read once. */
export class RequestedReads<T> {
  readonly #check: PartCheck<T>;
  readonly #onRead: (key: string, startedOn: WallMs) => void;
  readonly #parts = new Map<string, RequestedPart<T>>();

  /** `onRead`: called when a part was read completely. */
  constructor(check: PartCheck<T>, onRead: (key: string, startedOn: WallMs) => void) {
    this.#check = check;
    this.#onRead = onRead;
  }

  get isFull(): boolean {
    return this.#parts.size >= maxRequestedReads;
  }

  /** Returns whether the part waits to be read. It is read again if its call was sent already. */
  repeat(key: string, cause?: ChangeCause): boolean {
    const waiting = this.#parts.get(key);
    if (waiting === undefined) return false;
    if (waiting.isSent) waiting.isRepeated = true;
    waiting.cause ??= cause;
    return true;
  }

  /** Resolves after a read that begins from now on. Rejects when AWS refuses it, and with the signal's reason. */
  add(part: PartialRead<T>, signal: AbortSignal, cause?: ChangeCause): Promise<void> {
    const waiting = this.#parts.get(part.key);
    if (waiting !== undefined && this.repeat(part.key, cause)) return waiting.done;
    let start: () => void = () => undefined;
    const started = new Promise<void>((resolve) => {
      start = resolve;
    });
    const requested: RequestedPart<T> = {
      part,
      cause,
      isSent: false,
      isRepeated: false,
      done: started.then(() => this.#read(requested, signal)),
    };
    this.#parts.set(part.key, requested);
    start();
    return requested.done;
  }

  async #read(requested: RequestedPart<T>, signal: AbortSignal): Promise<void> {
    const { part } = requested;
    const onSend = () => {
      requested.isSent = true;
    };
    const once: PartialRead<T> = {
      ...part,
      read(session, token) {
        onSend();
        return part.read(session, token);
      },
    };
    try {
      do {
        requested.isRepeated = false;
        requested.isSent = false;
        const { cause } = requested;
        const startedOn = await this.#check.read(once, { priority: callPriorities.hint, signal, cause });
        this.#onRead(part.key, startedOn);
      } while (requested.isRepeated);
    } finally {
      this.#parts.delete(part.key);
    }
  }
}
