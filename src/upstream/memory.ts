import { isFinal, UpstreamError } from './errors.ts';
import { Freshness, type Moment } from './freshness.ts';
import type { OperationName, Output, ReadName } from './operation-types.ts';
import { primedBy, primedRead } from './priming.ts';

/** What was asked for. */
export interface Remembered {
  readonly asked: Moment;
  /** While it is under way, and when it failed for good. */
  readonly answering: Promise<object> | undefined;
  answer: object | undefined;
  settled: boolean;
}

/** A reply that holds answers to other reads. */
interface Telling {
  readonly operation: OperationName;
  readonly output: object;
  readonly asked: Moment;
}

/** What one session has read and written, so that the same read is one call. */
export class Memory {
  readonly #known = new Map<string, Remembered>();
  readonly #freshness = new Freshness();
  /** By read: replies that hold answers to it, which are looked into when one is asked for. */
  #telling: Map<ReadName, Telling[]> | undefined;

  /** What is known of a read and has not been made doubtful since; `key`: its `readKey`. */
  find(operation: ReadName, key: string): Remembered | undefined {
    return this.#find(operation, key) ?? (this.#listen(operation) ? this.#find(operation, key) : undefined);
  }

  keep(operation: ReadName, key: string, answer: object): void {
    const asked = this.#freshness.now;
    this.#known.set(key, { asked, answering: undefined, answer, settled: true });
    this.#told(operation, answer, asked);
  }

  /** Keeps an answer that is under way. "Not found" stays one; what may go better next time is forgotten. */
  follow(operation: ReadName, key: string, answering: Promise<object>): void {
    const asked: Remembered = { asked: this.#freshness.now, answering, answer: undefined, settled: false };
    this.#known.set(key, asked);
    answering.then(
      (answer) => {
        asked.settled = true;
        asked.answer = answer;
        this.#told(operation, answer, asked.asked);
      },
      (error: unknown) => {
        asked.settled = true;
        const final = error instanceof UpstreamError && isFinal(error);
        if (!final && this.#known.get(key) === asked) this.#known.delete(key);
      },
    );
  }

  /** Makes every read of these operations doubtful that has been asked for so far. */
  drop(operations: readonly ReadName[] | 'everything'): void {
    this.#freshness.drop(operations);
  }

  /** What a write was answered with. */
  tell<O extends OperationName>(operation: O, output: Output<O>): void {
    this.#told(operation, output, this.#freshness.now);
  }

  #find(operation: ReadName, key: string): Remembered | undefined {
    const known = this.#known.get(key);
    return known !== undefined && this.#freshness.holds(operation, known.asked) ? known : undefined;
  }

  #told(operation: OperationName, output: object, asked: Moment): void {
    const read = primedRead(operation);
    if (read === undefined) return;
    this.#telling ??= new Map();
    const telling = this.#telling.get(read);
    if (telling === undefined) this.#telling.set(read, [{ operation, output, asked }]);
    else telling.push({ operation, output, asked });
  }

  /** Remembers what replies say of this read; whether there were any that had not been looked into. */
  #listen(read: ReadName): boolean {
    const telling = this.#telling?.get(read);
    if (telling === undefined) return false;
    this.#telling?.delete(read);
    for (const { operation, output, asked } of telling) {
      if (!this.#freshness.holds(read, asked)) continue;
      for (const { key, output: answer } of primedBy(operation, output)) {
        // What was asked for itself stands, so that one operation sees one state of an object.
        if (this.#find(read, key) !== undefined) continue;
        this.#known.set(key, { asked, answering: undefined, answer, settled: true });
      }
    }
    return true;
  }
}
