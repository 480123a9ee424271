import type { CompletedWrite, UncertainWrite } from '../../upstream/index.ts';
import type { ChangeCause } from './history-types.ts';

export type { ChangeCause } from './history-types.ts';

export const hintCause: ChangeCause = { source: 'HINT' };
export const pollCause: ChangeCause = { source: 'POLL' };

/** The cause of the changes that the reply to an own write shows; undefined without a reply. */
export const causeOfWrite = (write: CompletedWrite | UncertainWrite): ChangeCause | undefined =>
  write.output && { source: 'GATEWAY', caller: write.callerName, requestId: write.requestId };

/** Why the reads of a list may find a change. */
export class ReadCauses {
  /** Of the present read. */
  current: ChangeCause | undefined;
  #next: ChangeCause | undefined;

  /** The next read is made because of it. */
  expect(cause: ChangeCause | undefined): void {
    this.#next ??= cause;
  }

  onReadStart(): void {
    this.current = this.#next;
    this.#next = undefined;
  }
}
