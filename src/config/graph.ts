import { z } from 'zod';
import { positiveCount } from './values.ts';

export const graph = z
  .strictObject({
    maxFirst: positiveCount.default(1_000).meta({ description: 'The largest `first` of a connection.' }),
    inventoryMaxFirst: positiveCount.default(20_000).meta({
      description:
        'The largest `first` of a connection that the copy of the organization (`inventory`) answers. Below `maxFirst` it ' +
        'has no effect.',
    }),
    maxCalls: positiveCount.default(10_000).meta({
      description: 'An operation that can cost more calls to AWS than this is rejected before it starts.',
    }),
    assumedAccounts: positiveCount.default(1_000).meta({
      description: 'The number of accounts that cost estimates assume where a list is read to its end.',
    }),
    additionalRcpServices: z
      .array(z.string().regex(/^[a-z0-9-]{1,64}$/))
      .default([])
      .meta({
        expected: 'prefixes of services, such as sqs',
        examples: ['[newservice]'],
        description:
          'Prefixes of services that support resource control policies, in addition to those of ' +
          'docs/control-policies.md. AWS adds services.',
      }),
    cursorSecret: z
      .string()
      .min(16)
      .optional()
      .meta({
        secret: true,
        expected: 'at least 16 characters, such as `openssl rand -hex 32` prints',
        description:
          'Signs cursors. Give all replicas the same one. Without it, cursors of connections end with the ' +
          'process, and those ' +
          'of events with the events.',
      }),
  })
  .prefault({})
  .meta({ description: 'The graph.' });
