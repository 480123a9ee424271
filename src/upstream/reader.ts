import type { Caller } from './caller.ts';
import { closingError, endingError } from './endings.ts';
import { isFinal, UpstreamError } from './errors.ts';
import type { Moment } from './freshness.ts';
import type { Input, Output, ReadName } from './operation-types.ts';
import type { ReadCache } from './read-cache.ts';
import type { SessionState } from './session-state.ts';
import type { Stats } from './stats.ts';
import type { Claim, Priority } from './token-bucket.ts';
import type { SharedRead } from './types.ts';
import { wakeInTurns } from './wake-in-turns.ts';

/** A read that is under way, and those who wait for it. */
class Flight implements Claim {
  priority: Priority;
  deadline: number;
  /** Whether the request has left: a reader that wants what is true now must not join after that. */
  sent = false;
  /** Whether somebody wants what is true now, and no answer from before. */
  fresh: boolean;
  readonly operation: ReadName;
  readonly asked: Moment;
  /** Whether the answer, or the error, is there. */
  landed = false;
  answer: object | undefined;
  error: unknown;
  readonly stop = new AbortController();
  /** Gives each of those who wait their answer. */
  readonly waiting = new Set<() => void>();

  constructor(operation: ReadName, asked: Moment, { priority, lifetime, fresh }: SessionState) {
    this.operation = operation;
    this.asked = asked;
    this.fresh = fresh;
    this.priority = priority;
    this.deadline = lifetime.deadline;
  }
}

export interface ReaderOptions {
  readonly caller: Caller;
  readonly cache: ReadCache;
  /** Looks for what other processes have read as the same principal. */
  readonly look?: ((operation: ReadName, key: string) => Promise<SharedRead | undefined>) | undefined;
  readonly stats: Stats;
  /** Fires when the gateway closes. */
  readonly closing: AbortSignal;
}

/** Reads as one principal: from its cache, or by joining the same read under way, or by a call. */
export class Reader {
  readonly #options: ReaderOptions;
  /** Those that may be joined, by the key of the read. */
  readonly #flights = new Map<string, Flight>();
  readonly #underWay = new Set<Flight>();

  constructor(options: ReaderOptions) {
    this.#options = options;
    options.closing.addEventListener('abort', () => {
      for (const flight of this.#underWay) flight.stop.abort(closingError(flight.operation));
    });
  }

  /** The answer that is kept, unless the session wants none of those. */
  cached(operation: ReadName, key: string, session: SessionState): object | undefined {
    const { cache, stats } = this.#options;
    const cached = session.fresh ? undefined : cache.get(operation, key);
    if (cached === undefined) return undefined;
    session.cost.cached += 1;
    stats.count(operation, 'cached');
    return cached;
  }

  /** By joining the same read under way, or by a call. */
  read<O extends ReadName>(operation: O, input: Input<O>, key: string, session: SessionState): Promise<object> {
    const { stats } = this.#options;
    let flight = this.#joinable(operation, key, session);
    if (flight === undefined) {
      flight = this.#depart(operation, input, key, session);
    } else {
      session.cost.coalesced += 1;
      stats.count(operation, 'coalesced');
      flight.fresh ||= session.fresh;
      this.#promote(flight, session);
    }
    return this.#wait(operation, key, flight, session);
  }

  #joinable(operation: ReadName, key: string, { fresh }: SessionState): Flight | undefined {
    const flight = this.#flights.get(key);
    if (flight === undefined || (fresh && flight.sent)) return undefined;
    return this.#options.cache.freshness.holds(operation, flight.asked) ? flight : undefined;
  }

  #depart<O extends ReadName>(operation: O, input: Input<O>, key: string, session: SessionState): Flight {
    const { cache, closing } = this.#options;
    const flight = new Flight(operation, cache.freshness.now, session);
    this.#underWay.add(flight);
    this.#flights.set(key, flight);
    if (closing.aborted) flight.stop.abort(closingError(operation));
    void this.#fly(operation, input, key, flight, session);
    return flight;
  }

  /** Never rejects. */
  async #fly<O extends ReadName>(
    operation: O,
    input: Input<O>,
    key: string,
    flight: Flight,
    session: SessionState,
  ): Promise<void> {
    // Who asks for the same in this turn can join before it leaves.
    await undefined;
    try {
      flight.answer = await this.#fetch(operation, input, key, flight, session);
    } catch (error) {
      flight.error = error;
    }
    this.#underWay.delete(flight);
    this.#forget(key, flight);
    flight.landed = true;
    wakeInTurns(flight.waiting);
  }

  /** From what others share, or by a call. */
  async #fetch<O extends ReadName>(
    operation: O,
    input: Input<O>,
    key: string,
    flight: Flight,
    session: SessionState,
  ): Promise<object> {
    const { caller, cache, stats } = this.#options;
    // Pollers read to see what has changed, and their pages are of no use to others.
    const look = session.priority === 'interactive' && cache.ttlMs(operation) > 0 ? this.#options.look : undefined;
    let shared: SharedRead | undefined;
    try {
      if (look !== undefined) shared = await look(operation, key);
      if (shared?.answer !== undefined && !flight.fresh) {
        session.cost.cached += 1;
        stats.count(operation, 'cached');
        const answer = shared.answer.output as Output<O>;
        cache.set(operation, key, answer, flight.asked, shared.answer.leftMs);
        return answer;
      }
      const { output } = await caller.call(operation, input, {
        claim: flight,
        cost: session.cost,
        waiting: flight.stop.signal,
        calling: flight.stop.signal,
        onSend: () => {
          flight.sent = true;
        },
      });
      cache.set(operation, key, output, flight.asked);
      shared?.keep(output, cache.ttlMs(operation));
      return output;
    } catch (error) {
      // AWS's "no" to a read that passed the cache over: what is kept there is not true any more.
      if (error instanceof UpstreamError && isFinal(error)) {
        cache.delete(operation, key);
        shared?.drop();
      }
      throw error;
    }
  }

  #promote(flight: Flight, { priority, lifetime }: SessionState): void {
    flight.deadline = Math.max(flight.deadline, lifetime.deadline);
    if (priority !== 'interactive' || flight.priority === 'interactive') return;
    flight.priority = 'interactive';
    this.#options.caller.promote(flight);
  }

  /** The flight's answer for one of its waiters, who may leave before; it is called off when the last one leaves. */
  #wait(operation: ReadName, key: string, flight: Flight, session: SessionState): Promise<object> {
    return new Promise((resolve, reject) => {
      const stop = session.lifetime.onEnd((ending) => {
        flight.waiting.delete(wake);
        // The answer was only waiting for its turn.
        if (flight.landed && ending === 'deadline') return wake();
        const error = endingError(ending, operation, flight.sent);
        reject(error);
        if (flight.landed || flight.waiting.size > 0) return;
        this.#forget(key, flight);
        flight.stop.abort(error);
      });
      const wake = (): void => {
        stop();
        if (flight.answer !== undefined) resolve(flight.answer);
        else reject(flight.error);
      };
      flight.waiting.add(wake);
    });
  }

  #forget(key: string, flight: Flight): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
  }
}
