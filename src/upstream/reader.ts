import type { Caller } from './caller.ts';
import { closingError, endingError } from './endings.ts';
import { isFinal, UpstreamError } from './errors.ts';
import type { Moment } from './freshness.ts';
import type { Input, Output, ReadName } from './operation-types.ts';
import { primedBy } from './priming.ts';
import type { ReadCache } from './read-cache.ts';
import { readKey } from './read-key.ts';
import type { SessionState } from './session-state.ts';
import type { Stats } from './stats.ts';
import { Stop } from './stop.ts';
import type { Claim, Priority } from './token-bucket.ts';

/** A read that is under way, and those who wait for it. */
class Flight implements Claim {
  priority: Priority;
  deadline: number;
  /** Whether the request has left: a reader that wants what is true now must not join after that. */
  sent = false;
  readonly asked: Moment;
  readonly stop = new Stop();
  waiters = 0;

  constructor(asked: Moment, { priority, lifetime }: SessionState) {
    this.asked = asked;
    this.priority = priority;
    this.deadline = lifetime.deadline;
  }
}

interface Departure {
  readonly flight: Flight;
  readonly answer: Promise<object>;
}

export interface ReaderOptions {
  readonly caller: Caller;
  readonly cache: ReadCache;
  readonly stats: Stats;
  /** Fires when the gateway closes. */
  readonly closing: AbortSignal;
}

/** Reads as one principal: from its cache, or by joining the same read under way, or by a call. */
export class Reader {
  readonly #options: ReaderOptions;
  readonly #departures = new Map<string, Departure>();

  constructor(options: ReaderOptions) {
    this.#options = options;
  }

  read<O extends ReadName>(operation: O, input: Input<O>, key: string, session: SessionState): Promise<object> {
    const { cache, stats } = this.#options;
    const cached = session.fresh ? undefined : cache.get(operation, key);
    if (cached !== undefined) {
      session.cost.cached += 1;
      stats.count(operation, 'cached');
      return Promise.resolve(cached);
    }
    let departure = this.#joinable(operation, key, session);
    if (departure === undefined) {
      departure = this.#depart(operation, input, key, session);
    } else {
      session.cost.coalesced += 1;
      stats.count(operation, 'coalesced');
      this.#promote(departure.flight, session);
    }
    return this.#wait(operation, key, departure, session);
  }

  #joinable(operation: ReadName, key: string, { fresh }: SessionState): Departure | undefined {
    const departure = this.#departures.get(key);
    if (departure === undefined || (fresh && departure.flight.sent)) return undefined;
    return this.#options.cache.freshness.holds(operation, departure.flight.asked) ? departure : undefined;
  }

  #depart<O extends ReadName>(operation: O, input: Input<O>, key: string, session: SessionState): Departure {
    const { caller, cache, closing } = this.#options;
    const flight = new Flight(cache.freshness.now, session);
    const close = (): void => flight.stop.abort(closingError(operation));
    closing.addEventListener('abort', close, { once: true });
    if (closing.aborted) close();
    const fly = async (): Promise<object> => {
      try {
        const { output } = await caller.call(operation, input, {
          claim: flight,
          cost: session.cost,
          waiting: flight.stop,
          calling: flight.stop,
          onSend: () => {
            flight.sent = true;
          },
        });
        this.#keep(operation, key, output, flight.asked);
        return output;
      } catch (error) {
        // AWS's "no" to a read that passed the cache over: what is kept there is not true any more.
        if (error instanceof UpstreamError && isFinal(error)) cache.delete(key);
        throw error;
      } finally {
        closing.removeEventListener('abort', close);
        this.#forget(key, flight);
      }
    };
    const departure = { flight, answer: fly() };
    // All who waited may have left by the time it fails.
    departure.answer.catch(() => undefined);
    this.#departures.set(key, departure);
    return departure;
  }

  #keep<O extends ReadName>(operation: O, key: string, output: Output<O>, asked: Moment): void {
    const { cache } = this.#options;
    cache.set(operation, key, output, asked);
    for (const primed of primedBy(operation, output)) {
      cache.set(primed.operation, readKey(primed.operation, primed.input), primed.output, asked);
    }
  }

  #promote(flight: Flight, { priority, lifetime }: SessionState): void {
    flight.deadline = Math.max(flight.deadline, lifetime.deadline);
    if (priority !== 'interactive' || flight.priority === 'interactive') return;
    flight.priority = 'interactive';
    this.#options.caller.promote(flight);
  }

  /** The flight's answer for one of its waiters, who may leave before; it is called off when the last one leaves. */
  #wait(operation: ReadName, key: string, { flight, answer }: Departure, session: SessionState): Promise<object> {
    flight.waiters += 1;
    return new Promise((resolve, reject) => {
      const stop = session.lifetime.onEnd((ending) => {
        const error = endingError(ending, operation, flight.sent);
        flight.waiters -= 1;
        if (flight.waiters === 0) {
          this.#forget(key, flight);
          flight.stop.abort(error);
        }
        reject(error);
      });
      answer.finally(stop).then(resolve, reject);
    });
  }

  #forget(key: string, flight: Flight): void {
    if (this.#departures.get(key)?.flight === flight) this.#departures.delete(key);
  }
}
