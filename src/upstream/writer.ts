import type { Principal } from '../principal/principal.ts';
import { UpstreamError } from '../principal/upstream-error.ts';
import type { AwsCallExecutor, CallResult } from './aws-call-executor.ts';
import { canceledError, closingError } from './errors.ts';
import { operations } from './operations.ts';
import { primedBy, type ReadCache } from './read-cache.ts';
import type { SessionState } from './reader.ts';
import { mayHaveHappened, showsChange } from './retry.ts';
import type { CompletedWrite, Input, Output, UncertainWrite, WriteName } from './types.ts';

export interface WriterOptions {
  readonly principal: Principal;
  readonly executor: AwsCallExecutor;
  readonly cache: ReadCache;
  readonly closing: AbortSignal;
  /** Resolves when all listeners have processed the write. Never rejects. */
  readonly onWrite: (write: CompletedWrite | UncertainWrite) => Promise<unknown> | undefined;
  /** Invalidates the caches of replicas. */
  readonly notifyReplicas?: ((operation: WriteName) => Promise<void>) | undefined;
}

/** Writes as one principal, and invalidates the reads that each write may have changed. */
export class Writer {
  readonly #options: WriterOptions;

  constructor(options: WriterOptions) {
    this.#options = options;
  }

  /**
   * A write that was sent is not canceled when its session ends, as AWS would act on it all the same and the cache
   * would miss it. The session does not wait for it, and the call's timeout bounds it. `onChange` is called before the
   * promise settles. A write whose outcome is not known when its session ends counts as one that may have changed its
   * reads.
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
    const startedAt = performance.now();
    let sent = false;
    const close = (): void => {
      for (const controller of [waiting, calling]) controller.abort(closingError(operation, sent));
    };
    closing.addEventListener('abort', close, { once: true });
    if (closing.aborted) close();
    let isChangeSeen = false;
    let isUncertain = false;
    const invalidate = (): Promise<void> | undefined => {
      this.#options.cache.freshness.invalidate(operations[operation].invalidates);
      onChange();
      return this.#options.notifyReplicas?.(operation);
    };
    const invalidateUncertain = (): Promise<unknown> => {
      const notified = invalidate();
      const processed = this.#options.onWrite({ principal: this.#options.principal, operation, input });
      return Promise.all([notified, processed]);
    };
    const end = (
      output: Output<O> | undefined,
      error: UpstreamError | undefined,
      requestId: string | undefined,
    ): void => {
      const durationMs = performance.now() - startedAt;
      session.onWriteEnd?.({ operation, input, output, error, requestId, durationMs });
    };
    const run = async (): Promise<Output<O>> => {
      try {
        const result = await this.#options.executor.call(operation, input, {
          request: { priority: session.priority, deadline: session.deadline.at },
          cost: session.cost,
          as: session.callerName,
          waiting: waiting.signal,
          calling: calling.signal,
          onSend: () => {
            sent = true;
          },
          onFailure: (kind) => {
            isChangeSeen ||= showsChange(kind);
            isUncertain ||= mayHaveHappened(kind);
          },
        });
        const notified = invalidate();
        const processed = this.#complete(operation, input, result, session.callerName);
        // The client may read from a replica next.
        if (notified) await notified;
        if (processed) await processed;
        end(result.output, undefined, result.requestId);
        return result.output;
      } catch (error) {
        if (isUncertain || (sent && closing.aborted)) await invalidateUncertain();
        else if (isChangeSeen) await invalidate();
        if (error instanceof UpstreamError) end(undefined, error, error.requestId);
        throw error;
      } finally {
        closing.removeEventListener('abort', close);
      }
    };
    const done = run();
    return new Promise((resolve, reject) => {
      const stop = session.deadline.onEnd((reason) => {
        const error = canceledError(reason, operation, sent);
        waiting.abort(error);
        if (sent) void invalidateUncertain();
        reject(error);
      });
      done.finally(stop).then(resolve, reject);
    });
  }

  #complete<O extends WriteName>(
    operation: O,
    input: Input<O>,
    { output, sentAt, answeredAt, requestId }: CallResult<O>,
    callerName: string | undefined,
  ) {
    const { cache, principal, onWrite } = this.#options;
    for (const primed of primedBy(operation, output)) {
      cache.set(primed.operation, primed.key, primed.output, cache.freshness.version);
    }
    return onWrite({ principal, operation, input, output, sentAt, answeredAt, callerName, requestId });
  }
}
