import { z } from 'zod';

const count = z.number().int().positive();

/** What one request, connection or caller may ask for, whatever carries it. Upstream cost has its own: `graph.maxCalls`. */
export const limits = z.strictObject({
  /** An HTTP body and a WebSocket message, in bytes. */
  bodyBytes: count.default(1_048_576),
  /** Tokens of a document, which is not parsed further. */
  tokens: count.default(5_000),
  /** How deep fields are nested; an introspection of GraphiQL has 15 levels. */
  depth: count.default(20),
  /** Fields of a document under another name, those of a fragment counted wherever it is spread. */
  aliases: count.default(200),
  /** Directives of a document, those of a fragment counted wherever it is spread. */
  directives: count.default(100),
  /** Fields of a document, those of a fragment counted wherever it is spread. */
  fields: count.default(10_000),
  /** Values that an answer can have at most, reckoned before anything is read: fields, those of lists' items one by one. Of a subscription, for one event. */
  values: count.default(1_000_000),
  /** Operations that one caller may begin: `perSecond` on average, `burst` at once. Without `auth` there is no such limit. */
  operations: z
    .strictObject({ perSecond: z.number().positive(), burst: count })
    .prefault({ perSecond: 50, burst: 500 }),
  /** Subscriptions that one caller may have at a time, on all connections together. Without `auth` there is no such limit. */
  subscriptionsPerCaller: count.default(1_000),
  /** Operations, subscriptions among them, that may run at a time on one WebSocket. */
  operationsPerConnection: count.default(1_000),
  /** WebSockets that may be open at a time. */
  connections: count.default(10_000),
  /** A WebSocket that has not said `connection_init` after this long is closed with 4408, in ms. */
  connectionInitTimeoutMs: count.default(10_000),
  /** A WebSocket is pinged this often, and ended when it has not answered by the next time, in ms. */
  pingIntervalMs: count.default(15_000),
});

/** Documents that are known beforehand: a JSON file `{ "<hash>": "<document>" }`, as Relay and GraphQL Code Generator write it. */
export const trustedDocuments = z.strictObject({
  file: z.string().min(1),
  /** Whether nothing but these documents runs. */
  only: z.boolean().default(false),
});
