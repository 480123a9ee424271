import { z } from 'zod';
import { milliseconds, positiveCount, positiveMilliseconds } from './values.ts';

const rate = z
  .strictObject({
    rate: z
      .number()
      .positive()
      .meta({ examples: [16], description: 'Calls added to the bucket per second.' }),
    burst: positiveCount.meta({ examples: [24], description: 'The size of the bucket: the most calls at once.' }),
  })
  .meta({ examples: ['{ rate: 16, burst: 24 }'] });

export const upstream = z
  .strictObject({
    budget: z
      .enum(['documented', 'off'])
      .default('documented')
      .meta({
        description:
          "`documented`: calls wait in token buckets of AWS's documented limits. `off`: they are sent at " +
          'once (emulators, ' +
          'tests).',
      }),
    limits: z
      .record(z.string(), rate)
      .default({})
      .meta({
        keys: 'operation',
        examples: ['{ ListAccounts: { rate: 16, burst: 24 } }'],
        description: 'Token buckets that differ from the documented ones, by operation, as after AWS raised a limit.',
      }),
    cacheMs: milliseconds
      .default(5_000)
      .meta({ unit: 'ms', description: 'How long the result of a read may be used again. 0 turns the cache off.' }),
    cacheMsByOperation: z
      .record(z.string(), milliseconds.meta({ unit: 'ms', examples: [60_000] }))
      .default({})
      .meta({
        keys: 'operation',
        examples: ['{ ListRoots: 60000 }'],
        description: 'The same, by operation (Describe… and List… only).',
      }),
    cacheEntries: positiveCount.default(10_000).meta({
      description: 'Maximum number of objects kept in memory per principal. The least recently used are evicted first.',
    }),
    callTimeoutMs: positiveMilliseconds
      .default(10_000)
      .meta({ unit: 'ms', description: 'How long one HTTP call to AWS may take.' }),
    deadlineMs: positiveMilliseconds.default(30_000).meta({
      unit: 'ms',
      description: 'How long one GraphQL operation may wait for AWS in all; at least `callTimeoutMs`.',
    }),
  })
  .prefault({})
  .meta({ description: 'Calls to AWS.' });
