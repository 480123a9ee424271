import { z } from 'zod';

/** Settings for who operates the gateway. */

export const shutdown = z
  .strictObject({
    /** After SIGTERM, /ready is 503 for this long before anything else ends, in ms: the time that load balancers take to notice. */
    drainMs: z.number().int().nonnegative().default(0),
    /** Then running operations get this long to finish, in ms. */
    graceMs: z.number().int().nonnegative().default(10_000),
  })
  .prefault({});
