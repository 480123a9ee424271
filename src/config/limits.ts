import { z } from 'zod';
import { bytes, positiveCount as count, MIB } from './values.ts';

const ms = (most: number, description: string) => count.default(most).meta({ unit: 'ms', description });
const number = (most: number, description: string) => count.default(most).meta({ description });

const bufferedBytes = z
  .strictObject({
    total: bytes(96 * MIB, 'For all clients together.'),
    perCaller: bytes(32 * MIB, 'For one caller; with `auth: { type: none }`, for one address. At most `total`.'),
    perConnection: bytes(16 * MIB, 'For one connection. At most `perCaller`.'),
    unauthenticated: bytes(
      8 * MIB,
      'For all connections together that have not shown valid credentials. At most `total`.',
    ),
    unauthenticatedPerAddress: bytes(
      2 * MIB,
      'For all connections of one address that have not shown valid credentials. At most `unauthenticated`.',
    ),
  })
  .prefault({})
  .meta({
    description:
      'Bytes buffered for clients at a time: incomplete request bodies and messages, and responses that ' +
      'are not read. Input ' +
      'above a bound is rejected, or its connection paused or closed (docs/security.md).',
  });

const failedAttempts = z
  .strictObject({
    perAddress: number(
      10,
      'So many may fail within `windowMs`. Those above are answered with 429 and a time to wait, which ' +
        'doubles from 1 s to ' +
        '`maxBackoffMs`.',
    ),
    windowMs: ms(60_000, 'The time in which failed attempts are counted.'),
    maxBackoffMs: ms(300_000, 'The longest time to wait.'),
    verificationsPerSecond: number(
      50,
      'With `auth: { type: jwt }`, signatures of invalid tokens that are verified per second, and twice ' +
        'as many at once; ' +
        'above that, new tokens are not verified.',
    ),
  })
  .prefault({})
  .meta({
    description:
      'Attempts to authenticate with wrong credentials, from one address (an IPv6 /64 counts as one). ' +
      'Behind a proxy, set ' +
      '`trustedProxies`. Clients with valid credentials are accepted from every address.',
  });

export const limits = z
  .strictObject({
    bodyBytes: bytes(1_048_576, 'An HTTP body, or a WebSocket message. At most `bufferedBytes.perConnection`.'),
    tokens: number(5_000, 'Tokens of a document, which is not parsed further.'),
    depth: number(20, 'How deep fields are nested. The introspection of GraphiQL has 15 levels.'),
    aliases: number(200, 'Aliases of a document, those of a fragment counted wherever it is spread.'),
    directives: number(100, 'Directives of a document, those of a fragment counted wherever it is spread.'),
    fields: number(10_000, 'Fields of a document, those of a fragment counted wherever it is spread.'),
    values: number(
      1_000_000,
      'Values that a response can have at most, estimated before anything is read: fields, those of lists ' +
        'item by item, and ' +
        'items of lists in arguments. For a subscription, per event.',
    ),
    operations: z
      .strictObject({
        perSecond: z
          .number()
          .positive()
          .meta({ examples: [1_000], description: 'On average.' }),
        burst: count.meta({ examples: [5_000], description: 'At once.' }),
      })
      .prefault({ perSecond: 1_000, burst: 5_000 })
      .meta({
        examples: ['{ perSecond: 1000, burst: 5000 }'],
        description:
          'Operations that one caller may start. With `auth: { type: none }`, limits per caller are ' +
          'limits per address.',
      }),
    cpu: z
      .strictObject({
        msPerSecond: z.number().positive().default(500).meta({ unit: 'ms', description: 'Per second, on average.' }),
        burstMs: z.number().positive().default(10_000).meta({ unit: 'ms', description: 'At once.' }),
      })
      .prefault({})
      .meta({
        description:
          "Measured time of the JavaScript thread that one caller's operations may take. Above it, the " +
          'caller is rejected ' +
          'until it has time again.',
      }),
    concurrentOperations: number(
      200,
      'Queries and mutations of one caller that run at a time, those that wait for AWS included. Others ' +
        'wait in a queue.',
    ),
    queuedOperations: z
      .strictObject({
        perCaller: number(2_000, 'Of one caller. At most `total`.'),
        total: number(10_000, 'Of all callers together.'),
      })
      .prefault({})
      .meta({ description: 'Operations that may wait until others have ended.' }),
    subscriptionsPerCaller: number(1_000, 'Subscriptions of one caller at a time, on all connections together.'),
    operationsPerConnection: number(1_000, 'Operations, subscriptions included, that run at a time on one WebSocket.'),
    connections: number(
      10_000,
      'Connections with valid credentials that may be open at a time, HTTP and WebSocket together.',
    ),
    connectionsPerAddress: number(
      1_000,
      'Connections that may be open at a time from one address (an IPv6 /64 counts as one). Behind a proxy, set ' +
        '`trustedProxies`.',
    ),
    connectionsUnauthenticated: number(
      2_000,
      'Connections that may be open without valid credentials, beside `connections`. Above it the oldest ' +
        'of them are closed.',
    ),
    connectionInitTimeoutMs: ms(
      10_000,
      'How long a connection may last without complete headers, and a WebSocket without `connection_init` ' +
        '(closed with 4408).',
    ),
    bufferedBytes,
    failedAttempts,
    responseBytes: bytes(16 * MIB, 'A response, an event or a part of a response.'),
    bodyTimeoutMs: ms(30_000, "A request's body has to be complete after this time."),
    bodyBytesPerSecond: count.default(1_000).meta({
      unit: 'bytes',
      description:
        'A body that arrives more slowly than this, per second, is rejected; measured after the first second.',
    }),
    sendTimeoutMs: ms(30_000, 'A connection whose client reads nothing of a waiting response for this long is closed.'),
    pingIntervalMs: ms(
      15_000,
      'A WebSocket is pinged this often, and closed when it has not answered by the next time.',
    ),
  })
  .prefault({})
  .meta({
    description:
      'What one request, connection or caller may use, whatever its transport. Calls to AWS have a limit ' +
      'of their own: ' +
      '`graph.maxCalls`.',
  });
