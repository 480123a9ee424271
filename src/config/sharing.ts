import { z } from 'zod';

const milliseconds = z.number().int().nonnegative();

/** In ms. */
export const maxLeaseMs = 60_000;

/** Lets several gateways work as one: they share the polling of each list, its events, and AWS's rates. Redis 6.2 or later, or Valkey. */
export const redis = z
  .strictObject({
    /** redis[s]://[[user]:password@]host[:port][/database] */
    url: z.url({ protocol: /^rediss?$/, error: 'expected a URL such as redis://127.0.0.1:6379' }),
    /** Begins the names of all keys; gateways with the same one work together. */
    prefix: z.string().min(1).default('orgql:'),
    /** When the gateway that polls a list dies, another goes on after this long, in ms, at most 60,000. */
    leaseMs: milliseconds.min(300).max(maxLeaseMs).default(5_000),
    /** When Redis is away for longer than this, subscriptions end with an error, in ms. */
    toleranceMs: milliseconds.default(30_000),
    /** What one gateway has read, others need not read again for `upstream.cacheMs`. Off by default: it is the organization's data that is kept there. */
    cache: z
      .strictObject({
        /** What is kept is encrypted with a key made from it. Give the same one to all replicas. */
        secret: z.string().min(32, 'expected at least 32 characters, such as `openssl rand -base64 32` prints'),
        /** An answer that is longer than this, as JSON, is not shared, in bytes. */
        maxValueBytes: z.number().int().positive().default(65_536),
      })
      .optional(),
  })
  .optional();

/** Where hints that something has changed come from; without a key there are none. */
export const hints = z
  .strictObject({
    /** Amazon EventBridge, through an API destination: what it sends in the header `x-api-key`. */
    eventbridge: z.strictObject({ apiKey: z.string().min(16, 'expected at least 16 characters') }).optional(),
  })
  .prefault({});
