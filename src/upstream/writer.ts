import type { Principal } from '../principal/principal.ts';
import type { Answer, Caller } from './caller.ts';
import { closingError, endingError } from './endings.ts';
import { UpstreamError } from './errors.ts';
import { changedBy } from './invalidation.ts';
import { notify } from './notify.ts';
import type { Input, Output, WriteName } from './operation-types.ts';
import { primedBy } from './priming.ts';
import type { ReadCache } from './read-cache.ts';
import type { SessionState } from './session-state.ts';
import type { CompletedWrite } from './types.ts';

export interface WriterOptions {
  readonly principal: Principal;
  readonly caller: Caller;
  readonly cache: ReadCache;
  readonly closing: AbortSignal;
  readonly written: (write: CompletedWrite) => void;
  /** Tells other processes what a write may have changed. */
  readonly tellOthers?: ((operation: WriteName) => Promise<void>) | undefined;
}

/** Writes as one principal, and makes its cache forget what each write may have changed. */
export class Writer {
  readonly #options: WriterOptions;

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  /**
   * A write that has left is not called off when its session ends: AWS would act on it all the same, and nobody would
   * learn of it. The session's caller does not wait for it, though; the call's own timeout bounds it.
   * `onChange`: told when the write may have changed something, before the promise settles.
   */
  write<O extends WriteName>(
    operation: O,
    input: Input<O>,
    session: SessionState,
    onChange: () => void,
  ): Promise<Output<O>> {
    const { closing } = this.#options;
    const waiting = new AbortController();
    const calling = new AbortController();
    const begunAt = performance.now();
    let sent = false;
    const close = (): void => {
      for (const stop of [waiting, calling]) stop.abort(closingError(operation, sent));
    };
    closing.addEventListener('abort', close, { once: true });
    if (closing.aborted) close();
    let happened = false;
    const changed = (): Promise<void> | undefined => {
      this.#options.cache.freshness.drop(changedBy[operation]);
      onChange();
      return this.#options.tellOthers?.(operation);
    };
    const end = (
      output: Output<O> | undefined,
      error: UpstreamError | undefined,
      requestId: string | undefined,
    ): void => {
      const { onWriteEnd } = session;
      const durationMs = performance.now() - begunAt;
      if (onWriteEnd) notify([onWriteEnd], { operation, input, output, error, requestId, durationMs });
    };
    const carryOut = async (): Promise<Output<O>> => {
      try {
        const answer = await this.#options.caller.call(operation, input, {
          claim: { priority: session.priority, deadline: session.lifetime.deadline },
          cost: session.cost,
          as: session.callerName,
          waiting: waiting.signal,
          calling: calling.signal,
          onSend: () => {
            sent = true;
          },
          onDoubt: () => {
            happened = true;
          },
        });
        const othersKnow = changed();
        this.#tell(operation, input, answer);
        // Whoever is answered may ask another process next.
        if (othersKnow) await othersKnow;
        end(answer.output, undefined, answer.requestId);
        return answer.output;
      } catch (error) {
        // Even a plain refusal: that a handshake is not what the caller took it for is news to the cache as well.
        if (happened || (sent && closing.aborted)) await changed();
        if (error instanceof UpstreamError) end(undefined, error, error.requestId);
        throw error;
      } finally {
        closing.removeEventListener('abort', close);
      }
    };
    const done = carryOut();
    return new Promise((resolve, reject) => {
      const stop = session.lifetime.onEnd((ending) => {
        const error = endingError(ending, operation, sent);
        waiting.abort(error);
        reject(error);
      });
      done.finally(stop).then(resolve, reject);
    });
  }

  #tell<O extends WriteName>(operation: O, input: Input<O>, { output, sentAt, answeredAt }: Answer<O>): void {
    const { cache, principal, written } = this.#options;
    for (const primed of primedBy(operation, output)) {
      cache.set(primed.operation, primed.key, primed.output, cache.freshness.now);
    }
    written({ principal, operation, input, output, sentAt, answeredAt });
  }
}
