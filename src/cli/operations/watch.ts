import { Backoff } from '../../client/backoff.ts';
import { errorOfResult, type WatchError } from '../../client/errors.ts';
import { createSseTransport } from '../../client/sse-transport.ts';
import type { WatchResult } from '../../client/transport.ts';
import { printable, toJson } from '../../config/printable.ts';
import { authorizationOf } from '../gateway-request.ts';
import { CommandError, type Running } from '../run.ts';
import { connectGateway, type GatewayConnection, type GatewayOptions } from './gateway.ts';
import { type Operation, type OperationOptions, readOperation, requestOf } from './operation.ts';
import { csvPrinter, type RowPrinter, tablePrinter } from './print-rows.ts';
import { columnsOfRoot } from './rows.ts';

const MIN_RETRY_MS = 250;
const MAX_RETRY_MS = 30_000;

/** `orgql watch`: runs a subscription, and prints its events until it completes or a signal ends it. */
export async function watch(file: string, options: OperationOptions & GatewayOptions): Promise<Running> {
  const operation = await readOperation(file, 'watch', options);
  const gateway = await connectGateway(options);
  const watcher = new EventPrinter(operation, gateway);
  return {
    ready: '',
    finished: watcher.finished,
    async close() {
      watcher.stop();
      await gateway.close();
    },
  };
}

/** Prints the events of a subscription. After an interruption, it continues after the last event. */
class EventPrinter {
  readonly finished: Promise<void>;
  readonly #operation: Operation;
  readonly #gateway: GatewayConnection;
  readonly #printer: RowPrinter | undefined;
  readonly #canResume: boolean;
  readonly #backoff = new Backoff({ minRetryMs: MIN_RETRY_MS, maxRetryMs: MAX_RETRY_MS });
  #cursor: string | undefined;
  #unsubscribe: (() => void) | undefined;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #hasEnded = false;
  readonly #resolve: () => void;
  readonly #reject: (error: unknown) => void;

  constructor(operation: Operation, gateway: GatewayConnection) {
    this.#operation = operation;
    this.#gateway = gateway;
    const { document, definition, format } = operation;
    this.#canResume = definition.variableDefinitions?.some(({ variable }) => variable.name.value === 'after') ?? false;
    const columns = columnsOfRoot(document, definition.selectionSet);
    if (format !== 'json') this.#printer = format === 'csv' ? csvPrinter(columns) : tablePrinter(columns);
    let resolve = () => {};
    let reject: (error: unknown) => void = () => {};
    this.finished = new Promise<void>((onFulfilled, onRejected) => {
      resolve = onFulfilled;
      reject = onRejected;
    });
    this.#resolve = resolve;
    this.#reject = reject;
    if (this.#printer) process.stdout.write(this.#printer.header());
    this.#subscribe();
  }

  /** Ends the subscription, and prints how to continue. */
  stop(): void {
    if (this.#hasEnded) return;
    this.#end();
    if (this.#cursor !== undefined && this.#canResume)
      console.error(`orgql: continue with --after ${printable(this.#cursor)}`);
    this.#resolve();
  }

  #subscribe(): void {
    const { url } = this.#gateway;
    const request = requestOf(this.#operation, this.#cursor === undefined ? {} : { after: this.#cursor });
    this.#unsubscribe = createSseTransport({ url, headers: authorizationOf(this.#gateway) })(request, {
      next: (result) => this.#receive(result),
      error: (error) => this.#fail(error),
      interrupted: () => {},
      complete: () => {
        this.#end();
        this.#resolve();
      },
    });
  }

  #receive({ data, errors = [] }: WatchResult): void {
    const [event] = Object.values((data ?? {}) as Record<string, unknown>);
    if (typeof event !== 'object' || event === null) {
      this.#fail(errorOfResult(errors));
      return;
    }
    for (const { message } of errors) console.error(`orgql: ${printable(message)}`);
    this.#backoff.onLive();
    const { cursor } = event as { readonly cursor?: unknown };
    process.stdout.write(this.#printer?.rows([event]) ?? `${toJson(event)}\n`);
    if (typeof cursor === 'string' && this.#canResume) this.#cursor = cursor;
  }

  #fail(error: WatchError): void {
    this.#unsubscribe?.();
    // The gateway's own message, as that of the error says what to do in a page.
    const message = printable(error.errors[0]?.message ?? error.message);
    if (!error.retryable) {
      this.#end();
      const resume = this.#cursor === undefined ? '' : `; the last cursor is ${printable(this.#cursor)}`;
      this.#reject(new CommandError(`${message} (${printable(error.code)})${resume}`));
      return;
    }
    this.#backoff.onFailure();
    const delayMs = this.#backoff.delayMs(error.retryAfterMs);
    console.error(`orgql: ${message} Retrying in ${(delayMs / 1_000).toFixed(1)} s.`);
    this.#retryTimer = setTimeout(() => this.#subscribe(), delayMs);
  }

  #end(): void {
    this.#hasEnded = true;
    clearTimeout(this.#retryTimer);
    this.#unsubscribe?.();
  }
}
