import { type TrustedDocument, type TypedDocument, toRequestDocument } from './documents.ts';
import type { GraphQLErrorLike } from './errors.ts';
import { EventReader } from './events.ts';
import { createSseTransport, type SseOptions } from './sse-transport.ts';
import type { Table } from './table.ts';
import type { Transport, WatchRequest } from './transport.ts';
import { WatchedTable } from './watched-table.ts';
import { createWebSocketTransport, type GraphQLWsClient } from './websocket-transport.ts';

/** The event in the data of a subscription. */
export type EventOf<Data> = NonNullable<Exclude<Data[keyof Data], string>>;

/** The object in an event: the type of its member that has an `id`. */
export type RowOf<Data> = ObjectIn<EventOf<Data>>;

type ObjectIn<Event> = Event extends unknown
  ? {
      [Name in keyof Event]-?: NonNullable<Event[Name]> extends { readonly id: string }
        ? NonNullable<Event[Name]>
        : never;
    }[keyof Event]
  : never;

export interface WatchOptions<Row = unknown, Variables = Readonly<Record<string, unknown>>> {
  /**
   * A graphql-ws client, which may be shared; options for server-sent events; or a function that subscribes in another
   * way.
   */
  readonly transport: GraphQLWsClient | SseOptions | Transport;
  /** Variables of the subscription. `after` is the table's own. */
  readonly variables?: Omit<Variables, 'after'>;
  /** The operation in a document that has several. */
  readonly operationName?: string;
  /** A principal of the gateway. Default: that of the connection, or the caller's first. */
  readonly principal?: string;
  /** Accepts parts of objects of this age, in seconds, instead of a call to AWS for each object. */
  readonly maxAge?: number;
  /** The member of an event that has the object, if several have an `id`. */
  readonly field?: string;
  /** Returns the object of an event, if it is not one member: an attachment is a policy and a target. Needs `key`. */
  // biome-ignore lint/suspicious/noExplicitAny: the type of the events follows from the document.
  readonly toRow?: (event: any) => Row | null | undefined;
  /** Returns the key of an object. Default: its `id`. */
  readonly key?: (row: Row) => string;
  /** Called with the errors of an event whose object could be read in part. Missing fields are null. */
  readonly onFieldErrors?: (errors: readonly GraphQLErrorLike[]) => void;
  /** The longest wait before the first retry, in ms; it doubles with each further one. Default: 250. */
  readonly minRetryMs?: number;
  /** The longest wait between retries, in ms. Default: 30,000. */
  readonly maxRetryMs?: number;
}

/**
 * Keeps the objects of a subscription in a table by id: through its snapshot, changes, interruptions and restarts of
 * the gateway. The subscription must end in `Changes` and select `type`, `reset`, `cursor` and an object with its `id`.
 * It connects at once; call `close` to end it. `Row` is the type of the object in the events, and `Event` that of the
 * events.
 *
 * @throws TypeError for a document without the variable `$after`, and for a transport that is none.
 */
export function watch<Row = Readonly<Record<string, unknown>>, Event = unknown>(
  subscription: string | TrustedDocument,
  options: WatchOptions<Row>,
): Table<Row, Event>;
export function watch<Data, Variables>(
  subscription: TypedDocument<Data, Variables>,
  options: WatchOptions<RowOf<Data>, Variables>,
): Table<RowOf<Data>, EventOf<Data>>;
export function watch<Row, Event>(
  subscription: string | TypedDocument | TrustedDocument,
  options: WatchOptions<Row>,
): Table<Row, Event> {
  const { field, toRow, key, onFieldErrors, minRetryMs = 250, maxRetryMs = 30_000 } = options;
  const request = createRequest(subscription, options);
  return new WatchedTable<Row, Event>({
    transport: toTransport(options.transport),
    createRequest: request,
    reader: new EventReader<Row, Event>({ field, toRow, key }),
    onFieldErrors,
    minRetryMs,
    maxRetryMs,
  });
}

function createRequest(
  subscription: string | TypedDocument | TrustedDocument,
  { variables = {}, operationName, principal, maxAge }: Omit<WatchOptions<never>, 'transport' | 'toRow'>,
): (cursor: () => string | undefined) => WatchRequest {
  if ('after' in variables) {
    throw new TypeError(
      '`variables.after` is set. Leave it out: the table starts with a snapshot, and resumes by itself.',
    );
  }
  const document = toRequestDocument(subscription);
  const extensions = {
    ...(principal !== undefined && { principal }),
    ...(maxAge !== undefined && { orgql: { maxAge } }),
  };
  return (cursor) => ({
    ...document,
    ...(operationName !== undefined && { operationName }),
    variables: {
      ...variables,
      get after() {
        return cursor();
      },
    },
    ...(Object.keys(extensions).length > 0 && { extensions }),
  });
}

function toTransport(transport: WatchOptions['transport']): Transport {
  if (typeof transport === 'function') return transport;
  if (typeof transport === 'object' && transport !== null) {
    if ('subscribe' in transport) return createWebSocketTransport(transport);
    if ('url' in transport) return createSseTransport(transport);
  }
  throw new TypeError(
    '`transport` is missing. Pass a client of graphql-ws, `{ url }` for server-sent events, or a function that subscribes.',
  );
}
