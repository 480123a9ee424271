import { z } from 'zod';

/** Settings for who operates the gateway. */

export const log = z
  .strictObject({
    /** Of the lines on standard error. */
    level: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
    /** Whether each mutation leaves a line (`audit: true`), whatever the level. */
    audit: z.boolean().default(true),
  })
  .prefault({});

/** Prometheus metrics at /metrics, on a port of their own; without this section there are none. */
export const metrics = z
  .strictObject({
    host: z.string().min(1).default('127.0.0.1'),
    /** TCP port; 0 takes any free one. */
    port: z.number().int().min(0).max(65_535).default(9464),
  })
  .optional();

export const shutdown = z
  .strictObject({
    /** After SIGTERM, /ready is 503 for this long before anything else ends, in ms: the time that load balancers take to notice. */
    drainMs: z.number().int().nonnegative().default(0),
    /** Then running operations get this long to finish, in ms. */
    graceMs: z.number().int().nonnegative().default(10_000),
  })
  .prefault({});
