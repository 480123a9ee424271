import { printable, toJson } from '../../config/printable.ts';
import { type Reply, send } from '../gateway-request.ts';
import { CommandError, CommandFailedError, type Running } from '../run.ts';
import { connectGateway, type GatewayConnection, type GatewayOptions } from './gateway.ts';
import { type Operation, type OperationOptions, readOperation, requestOf } from './operation.ts';
import { csvPrinter, tablePrinter } from './print-rows.ts';
import { findList, type List } from './rows.ts';

/** Progress is reported at this interval, in ms. */
const PROGRESS_MS = 5_000;
/** By convention of shells: 128 + SIGINT. */
const INTERRUPTED = 130;
/** The result has errors. */
const RESULT_HAS_ERRORS = 3;

type Result = Omit<Reply, 'status'>;

/** `orgql query`: runs a query or mutation, and prints its result. */
export async function query(file: string, options: OperationOptions & GatewayOptions): Promise<Running> {
  const operation = await readOperation(file, 'query', options);
  const gateway = await connectGateway(options);
  const controller = new AbortController();
  let hasFinished = false;
  const finished = run(operation, gateway, options.all === true, controller.signal)
    .catch((error: unknown) => {
      if (!controller.signal.aborted) throw error;
    })
    .finally(() => {
      hasFinished = true;
    });
  return {
    ready: '',
    finished,
    async close() {
      if (!hasFinished) process.exitCode = INTERRUPTED;
      controller.abort();
      await finished.catch(() => {});
      await gateway.close();
    },
  };
}

async function run(operation: Operation, gateway: GatewayConnection, all: boolean, signal: AbortSignal) {
  const progress = new Progress();
  try {
    const result = await post(gateway, requestOf(operation), signal);
    const isComplete = all ? await addPages(operation, gateway, result, signal, progress) : true;
    progress.stop();
    if (result.data) process.stdout.write(print(operation, result.data));
    const errors = result.errors ?? [];
    for (const { message, extensions } of errors)
      console.error(
        `orgql: ${printable(message)}${extensions?.['code'] ? ` (${printable(String(extensions['code']))})` : ''}`,
      );
    if (errors.length > 0 || !isComplete) throw new CommandFailedError('', RESULT_HAS_ERRORS);
  } finally {
    progress.stop();
  }
}

/** Adds the further pages to the list of the first one. Returns false when a page has errors. */
async function addPages(
  operation: Operation,
  gateway: GatewayConnection,
  result: Result,
  signal: AbortSignal,
  progress: Progress,
): Promise<boolean> {
  const { document, definition } = operation;
  const listOf = ({ data }: Result): List | undefined =>
    data ? findList(document, definition.selectionSet, data) : undefined;
  let page = listOf(result);
  const connection = page?.connection as Record<string, unknown> | undefined;
  if (page === undefined || (result.errors ?? []).length > 0) return true;
  if (connection === undefined)
    throw new CommandError('--all needs a list with nodes or edges, and the result has none');
  const pages = { nodes: [] as unknown[], edges: [] as unknown[] };
  const seen = new Set<string>();
  for (;;) {
    for (const name of ['nodes', 'edges'] as const) {
      const items = page?.connection?.[name];
      // One by one, as the arguments of a call are limited.
      if (Array.isArray(items)) for (const item of items) pages[name].push(item);
    }
    const { hasNextPage, endCursor } = (page?.connection?.['pageInfo'] ?? {}) as Record<string, unknown>;
    if (typeof hasNextPage !== 'boolean' || endCursor === undefined)
      throw new CommandError('--all needs pageInfo { hasNextPage endCursor } in the list');
    for (const name of ['nodes', 'edges'] as const) if (connection[name] !== undefined) connection[name] = pages[name];
    connection['pageInfo'] = page?.connection?.['pageInfo'];
    if (!hasNextPage) return true;
    if (typeof endCursor !== 'string' || seen.has(endCursor))
      throw new CommandError('the list does not go on; pass $after to its argument `after`');
    seen.add(endCursor);
    progress.rows = Math.max(pages.nodes.length, pages.edges.length);
    const next = await post(gateway, requestOf(operation, { after: endCursor }), signal);
    page = listOf(next);
    const [error] = next.errors ?? [];
    if (error !== undefined || page?.connection === undefined) {
      console.error(`orgql: ${printable(error?.message ?? 'a page has no list')}; ${progress.rows} rows were read`);
      return false;
    }
  }
}

function print({ document, definition, format }: Operation, data: Readonly<Record<string, unknown>>): string {
  if (format === 'json') return `${toJson(data, 2)}\n`;
  const { columns, rows } = findList(document, definition.selectionSet, data);
  const printer = format === 'csv' ? csvPrinter(columns) : tablePrinter(columns);
  // The widths of a table's columns follow from its rows.
  const lines = printer.rows(rows);
  return printer.header() + lines;
}

async function post(gateway: GatewayConnection, request: object, signal: AbortSignal): Promise<Result> {
  const { url } = gateway;
  const { status, ...result } = await send(gateway, request, signal);
  if ('data' in result || 'errors' in result) return result;
  throw new CommandError(`${url} responds with status ${status}, and no GraphQL result; check --url`);
}

/** Reports a read that takes long on standard error. */
class Progress {
  rows = 0;
  readonly #start = performance.now();
  readonly #timer = setInterval(() => {
    const seconds = Math.round((performance.now() - this.#start) / 1_000);
    console.error(`orgql: ${this.rows === 0 ? 'waiting for the gateway' : `${this.rows} rows read`}, ${seconds} s`);
  }, PROGRESS_MS);

  stop(): void {
    clearInterval(this.#timer);
  }
}
