import { z } from 'zod';

const count = z.number().int().positive();
const MIB = 1_048_576;

/**
 * Bytes that the gateway buffers for its clients at a time: request bodies and messages that are not complete, and answers that are not read.
 * Input above a bound is rejected, or its connection paused or closed; docs/security.md has a table of what happens where.
 */
const bufferedBytes = z
  .strictObject({
    /** For all clients together. */
    total: count.default(96 * MIB),
    /** For one caller; with `auth: none`, for one address. */
    perCaller: count.default(32 * MIB),
    /** For one connection. */
    perConnection: count.default(16 * MIB),
    /** For all connections together that have not shown valid credentials. */
    unauthenticated: count.default(8 * MIB),
    /** For all connections of one address that have not shown valid credentials. */
    unauthenticatedPerAddress: count.default(2 * MIB),
  })
  .prefault({});

/**
 * Attempts to authenticate with wrong credentials, from one address (an IPv6 /64 counts as one). Behind a proxy, set `trustedProxies`. Clients with valid credentials
 * are accepted from every address.
 */
const failedAttempts = z
  .strictObject({
    /** So many may fail within `windowMs`. Those above are answered with 429 and a time to wait, which doubles from 1 s to `maxBackoffMs`. */
    perAddress: count.default(10),
    /** In ms. */
    windowMs: count.default(60_000),
    /** In ms. */
    maxBackoffMs: count.default(300_000),
    /** With `auth: jwt`, signatures of tokens that turn out wrong may be verified so often per second, and twice as often at once; then new tokens are not looked at. */
    verificationsPerSecond: count.default(50),
  })
  .prefault({});

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
  /**
   * Values that an answer can have at most, estimated before anything is read: fields, those of lists' items one by one, and items of lists in arguments. Of a subscription, for
   * one event. A value takes 1 to 2 µs; a run pauses every 10 ms, and its caller is charged for it (`cpu`).
   */
  values: count.default(1_000_000),
  /**
   * Operations that one caller may begin: `perSecond` on average, `burst` at once. With `auth: none`, limits per caller are limits per address.
   * What operations cost the gateway differs by a factor of a thousand, so `cpu` is the limit that protects other callers.
   */
  operations: z
    .strictObject({ perSecond: z.number().positive(), burst: count })
    .prefault({ perSecond: 1_000, burst: 5_000 }),
  /**
   * Time of the gateway's one JavaScript thread that one caller's operations may take, in ms: `msPerSecond` on average, `burstMs` at once. It is measured. A caller that has
   * used more is rejected until its time is there again; callers that wait take turns whatever they have left.
   */
  cpu: z
    .strictObject({ msPerSecond: z.number().positive().default(500), burstMs: z.number().positive().default(10_000) })
    .prefault({}),
  /** Queries and mutations of one caller that run at a time, those that wait for AWS among them. Others wait in a queue. */
  concurrentOperations: count.default(200),
  /** Operations that may wait until others have ended: of one caller, and of all callers together. */
  queuedOperations: z.strictObject({ perCaller: count.default(2_000), total: count.default(10_000) }).prefault({}),
  /** Subscriptions that one caller may have at a time, on all connections together. */
  subscriptionsPerCaller: count.default(1_000),
  /** Operations, subscriptions among them, that may run at a time on one WebSocket. */
  operationsPerConnection: count.default(1_000),
  /** Connections that may be open at a time and have shown valid credentials, HTTP and WebSocket together. */
  connections: count.default(10_000),
  /** Connections that may be open at a time from one address (an IPv6 /64 counts as one). Behind a proxy, set `trustedProxies`. */
  connectionsPerAddress: count.default(1_000),
  /** Connections that may be open without valid credentials, beside `connections`. Above it the oldest of them are closed. */
  connectionsUnauthenticated: count.default(2_000),
  /** A connection without complete headers, and a WebSocket without `connection_init` (closed with 4408), may last this long, in ms. */
  connectionInitTimeoutMs: count.default(10_000),
  bufferedBytes,
  failedAttempts,
  /** An answer, an event or a part of an answer, in bytes. */
  responseBytes: count.default(16 * MIB),
  /** A request's body has to be complete after this long, in ms. */
  bodyTimeoutMs: count.default(30_000),
  /** A body that arrives more slowly than this, in bytes per second, is rejected; measured after the first second. */
  bodyBytesPerSecond: count.default(1_000),
  /** A connection whose client has read nothing of a waiting answer for this long is closed, in ms. */
  sendTimeoutMs: count.default(30_000),
  /** A WebSocket is pinged this often, and ended when it has not answered by the next time, in ms. */
  pingIntervalMs: count.default(15_000),
});

/** Documents that are known beforehand: a JSON file `{ "<hash>": "<document>" }`, as Relay and GraphQL Code Generator write it. */
export const trustedDocuments = z.strictObject({
  file: z.string().min(1),
  /** Whether nothing but these documents runs. */
  only: z.boolean().default(false),
});
