import type { GraphQLResult } from './graphiql-types.ts';

/** Older events of a subscription are dropped. */
export const MAX_EVENTS = 200;

/** The events of a subscription, as the response pane shows them. */
export class EventList {
  readonly #variables: Readonly<Record<string, string>>;
  #status: 'live' | 'complete' | 'failed' = 'live';
  #count = 0;
  /** The newest first: the top of the pane is what a reader sees. */
  #events: GraphQLResult[] = [];
  #errors: unknown;

  /** @param variables those that the page has found */
  constructor(variables: Readonly<Record<string, string>> = {}) {
    this.#variables = variables;
  }

  add({ data, errors }: GraphQLResult): void {
    this.#count += 1;
    const event = errors === undefined ? { data } : { data, errors };
    this.#events = [event, ...this.#events].slice(0, MAX_EVENTS);
  }

  complete(): void {
    if (this.#status === 'live') this.#status = 'complete';
  }

  fail(errors: unknown): void {
    this.#status = 'failed';
    this.#errors = errors;
  }

  toJSON(): object {
    return {
      subscription: this.#status,
      ...(Object.keys(this.#variables).length > 0 && { variables: this.#variables }),
      ...(this.#errors !== undefined && { errors: this.#errors }),
      events: this.#count,
      ...(this.#count > MAX_EVENTS && { shown: MAX_EVENTS }),
      newestFirst: this.#events,
    };
  }
}
