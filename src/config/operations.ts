import { z } from 'zod';
import { DEFAULT_HOST, DEFAULT_METRICS_PORT } from './addresses.ts';
import { milliseconds, port, text } from './values.ts';

export const log = z
  .strictObject({
    level: z
      .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
      .default('info')
      .meta({ description: 'The level of the lines on standard error.' }),
    audit: z
      .boolean()
      .default(true)
      .meta({ description: 'Logs a line for each mutation (`audit: true`), whatever the level.' }),
  })
  .prefault({})
  .meta({ description: 'The log, as JSON lines on standard error (docs/operations.md).' });

export const metrics = z
  .strictObject({
    host: text.default(DEFAULT_HOST).meta({ description: 'The address to listen on.' }),
    port: port
      .default(DEFAULT_METRICS_PORT)
      .meta({ description: 'The TCP port; 0 takes any free one. It has to differ from the port of the graph.' }),
  })
  .optional()
  .meta({
    examples: ['{ port: 9464 }'],
    description: 'Serves Prometheus metrics at /metrics, on a port of their own. Without this section there are none.',
  });

export const shutdown = z
  .strictObject({
    drainMs: milliseconds.default(0).meta({
      unit: 'ms',
      description:
        'After SIGTERM, /ready is 503 for this long before the shutdown goes on: the time that load balancers need.',
    }),
    graceMs: milliseconds
      .default(10_000)
      .meta({ unit: 'ms', description: 'How long running operations then get to finish.' }),
  })
  .prefault({})
  .meta({ description: 'The time between SIGTERM and the end.' });
