import { z } from 'zod';
import { milliseconds, positiveCount, text } from './values.ts';

/** In ms. */
export const maxLeaseMs = 60_000;

export const redis = z
  .strictObject({
    url: z.url({ protocol: /^rediss?$/ }).meta({
      secret: true,
      expected: 'a URL: redis[s]://[[user]:password@]host[:port][/database]',
      examples: ['redis://127.0.0.1:6379'],
      description: 'The Redis: `redis[s]://[[user]:password@]host[:port][/database]`.',
    }),
    prefix: text.default('orgql:').meta({
      description: 'The first part of all keys. Gateways with the same prefix work together.',
    }),
    leaseMs: milliseconds.min(300).max(maxLeaseMs).default(5_000).meta({
      unit: 'ms',
      description: 'When the gateway that polls a list dies, another one continues after this time.',
    }),
    toleranceMs: milliseconds.default(30_000).meta({
      unit: 'ms',
      description: 'When Redis is away for longer than this, subscriptions end with an error.',
    }),
    cache: z
      .strictObject({
        secret: z.string().min(32).meta({
          secret: true,
          expected: 'at least 32 characters, such as `openssl rand -base64 32` prints',
          description: 'Encrypts what is shared. Give all replicas the same one.',
        }),
        maxValueBytes: positiveCount
          .default(65_536)
          .meta({ unit: 'bytes', description: 'A result that is longer than this, as JSON, is not shared.' }),
      })
      .optional()
      .meta({
        examples: ['{ secret: "…" }'],
        description:
          'Shares the results of reads for `upstream.cacheMs`. Off by default, as it keeps the ' +
          "organization's data in Redis.",
      }),
  })
  .optional()
  .meta({
    examples: ['{ url: redis://127.0.0.1:6379 }'],
    description:
      "Makes several gateways work as one: they share the polling of each list, its events, and AWS's rate limits. " +
      'Redis 6.2 or later, or Valkey.',
  });
