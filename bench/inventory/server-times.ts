import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { cpuMs } from './loop-delay.ts';

/**
 * Measures the CPU time of this process, all threads, from the head of a request to the end of its response. Unlike the
 * time that passes, it is the same on a busy machine. Only one request may be in flight.
 */
export class ServerTimes {
  readonly #startedAt = new WeakMap<IncomingMessage, number>();
  #times: number[] = [];

  constructor() {
    subscribe('http.server.request.start', (message) => {
      const { request } = message as { request: IncomingMessage };
      this.#startedAt.set(request, cpuMs());
    });
    subscribe('http.server.response.finish', (message) => {
      const { request } = message as { request: IncomingMessage };
      const startedAt = this.#startedAt.get(request);
      if (startedAt !== undefined) this.#times.push(cpuMs() - startedAt);
    });
  }

  /** Returns the times since the last call, in ms. */
  take(): readonly number[] {
    const times = this.#times;
    this.#times = [];
    return times;
  }
}
