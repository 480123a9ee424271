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

export const shutdown = z
  .strictObject({
    /** After SIGTERM, /ready is 503 for this long before anything else ends, in ms: the time that load balancers take to notice. */
    drainMs: z.number().int().nonnegative().default(0),
    /** Then running operations get this long to finish, in ms. */
    graceMs: z.number().int().nonnegative().default(10_000),
  })
  .prefault({});
