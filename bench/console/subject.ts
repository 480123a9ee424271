import { setTimeout as sleep } from 'node:timers/promises';
import { Part } from '../watch/process.ts';
import type { GatewayOptions } from './gateway-process.ts';

const INVENTORY = '{ organization { inventory { state } } }';
const POLL_MS = 250;

/** A process with the simulator and the gateway. */
export class Subject implements AsyncDisposable {
  readonly #part = new Part(new URL('./gateway-process.js', import.meta.url).href);
  #url = '';

  /** Resolves when the copy of the organization is complete. */
  static async start(options: GatewayOptions = {}): Promise<Subject> {
    const subject = new Subject();
    subject.#url = String(await subject.#part.ask('start', options));
    while ((await subject.query(INVENTORY)).organization.inventory.state !== 'READY') await sleep(POLL_MS);
    return subject;
  }

  get origin(): string {
    return new URL(this.#url).origin;
  }

  /** Rejects if there is an error, or if AWS has refused a mutation. */
  // biome-ignore lint/suspicious/noExplicitAny: each caller knows its shape.
  async query(query: string, variables: object = {}): Promise<any> {
    const response = await fetch(this.#url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = await response.json();
    if (errors !== undefined) throw new Error(`${query}: ${JSON.stringify(errors).slice(0, 500)}`);
    return data;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#part.ask('close');
    await this.#part[Symbol.asyncDispose]();
  }
}
