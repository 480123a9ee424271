import { EventEmitter, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { type CloudEvent, HTTP } from 'cloudevents';
import { Webhook } from 'standardwebhooks';

/** A key of Standard Webhooks. */
export const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

const schemaFile = new URL('../../schemas/events.json', import.meta.url);
let validate: ValidateFunction | undefined;

/** The errors of an event against schemas/events.json. */
export function schemaErrors(event: unknown): readonly string[] {
  validate ??= new Ajv2020({ strict: false, validateFormats: false }).compile(
    JSON.parse(readFileSync(schemaFile, 'utf8')),
  );
  return validate(event)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

export interface ReceivedEvent {
  readonly id: string;
  readonly type: string;
  readonly source: string;
  readonly subject?: string;
  readonly time: string;
  readonly sequence: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read its members
  readonly data: any;
}

export interface ReceivedRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly event: ReceivedEvent;
}

/** How the receiver responds to a request. It counts as received unless `isLost`. */
export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Before the reply, in ms; never without an end. */
  readonly delayMs?: number;
  readonly isHanging?: boolean;
}

/**
 * A webhook over HTTP. It verifies each signature with `standardwebhooks`, parses each event with `cloudevents` and
 * validates it against schemas/events.json; `problems` has what was wrong.
 */
export class WebhookReceiver implements AsyncDisposable {
  readonly problems: string[] = [];
  /** All requests, whatever the reply was. */
  readonly requests: ReceivedRequest[] = [];
  /** Requests with a successful reply, in order. */
  readonly delivered: ReceivedEvent[] = [];
  reply: (request: ReceivedRequest) => Reply = () => ({});
  readonly #server: Server;
  readonly #secrets: readonly string[];
  readonly #changes = new EventEmitter();
  #port = 0;

  private constructor(secrets: readonly string[]) {
    this.#secrets = secrets;
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString();
        const { headers, url: path = '' } = request;
        const received = { path, headers, body, event: JSON.parse(body) as ReceivedEvent };
        this.#verify(received);
        this.requests.push(received);
        this.#respond(received, response);
        this.#changes.emit('change');
      });
    });
  }

  static async start({ secrets = [secret], port = 0 } = {}): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver(secrets);
    await receiver.listen(port);
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/hook`;
  }

  get port(): number {
    return this.#port;
  }

  /** Listens again after `stop`, on the same port. */
  async listen(port = this.#port): Promise<void> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  /** Resolves when the condition is true after a request. */
  async until(condition: () => boolean, what = 'events'): Promise<void> {
    const signal = AbortSignal.timeout(20_000);
    while (!condition())
      await once(this.#changes, 'change', { signal }).catch(() => {
        const got = this.requests.map(({ event }) => `${event.type} ${event.subject}`).join('\n');
        throw new Error(`The receiver waits in vain for ${what}. It has received:\n${got}`);
      });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #verify({ headers, body, event }: ReceivedRequest): void {
    if (headers['content-type'] === 'application/json') return;
    try {
      for (const one of this.#secrets) new Webhook(one).verify(body, headers as Record<string, string>);
      const parsed = HTTP.toEvent<unknown>({ headers, body }) as CloudEvent<unknown>;
      if (!parsed.validate()) throw new Error('the event is invalid');
      if (headers['webhook-id'] !== event.id) throw new Error('webhook-id is not the id of the event');
      this.problems.push(...schemaErrors(event).map((error) => `${event.type}: ${error}`));
    } catch (error) {
      this.problems.push(`${event.type}: ${String(error)}`);
    }
  }

  #respond(received: ReceivedRequest, response: ServerResponse): void {
    const { status = 200, headers = {}, body = '', delayMs = 0, isHanging = false } = this.reply(received);
    if (status >= 200 && status < 300 && !isHanging) this.delivered.push(received.event);
    if (isHanging) return;
    const send = () => response.writeHead(status, headers).end(body);
    if (delayMs === 0) send();
    else setTimeout(send, delayMs);
  }
}
