import { z } from 'zod';
import { bytes, positiveCount as count, MIB, text } from './values.ts';

const number = (most: number, description: string) => count.default(most).meta({ description });

export const trustedDocuments = z
  .strictObject({
    file: text.meta({
      expected: 'the path of a JSON file',
      examples: ['/etc/orgql/documents.json'],
      description: 'A JSON file: `{ "<hash>": "<document>" }`, as Relay and GraphQL Code Generator write it.',
    }),
    only: z.boolean().default(false).meta({ description: 'Rejects every other document.' }),
  })
  .optional()
  .meta({
    examples: ['{ file: /etc/orgql/documents.json }'],
    description: 'Documents that are known beforehand, so that clients send their hashes.',
  });

export const persistedQueries = z
  .strictObject({
    store: z
      .enum(['memory', 'redis'])
      .default('memory')
      .meta({
        description:
          'Where documents are kept. `memory`: by each gateway for itself. `redis`: in Redis, for all gateways that ' +
          'share `redis.url`, and over a restart.',
      }),
    ttlMs: count.default(86_400_000).meta({
      unit: 'ms',
      description: 'A document that no request names for this long is removed.',
    }),
    maxDocumentBytes: bytes(65_536, 'A longer document, in UTF-8, runs and is not kept.'),
    maxDocuments: number(
      10_000,
      'Documents that are kept at most. When there are more, the caller with the most bytes loses its least recently ' +
        'used one.',
    ),
    maxBytes: bytes(32 * MIB, 'For all kept documents together.'),
    perCaller: z
      .strictObject({
        maxDocuments: number(1_000, 'Documents. At most `maxDocuments` of all.'),
        maxBytes: bytes(4 * MIB, 'For the documents of one caller. At most `maxBytes` of all.'),
      })
      .prefault({})
      .meta({
        description:
          'Of the documents that one caller has added (with `auth: { type: none }`, one address). Beyond it the ' +
          'caller loses its own least recently used one.',
      }),
  })
  .optional()
  .meta({
    examples: ['{ store: memory }'],
    description:
      "Automatic persisted queries: a client sends a document's SHA-256 hash, and the document itself only when the " +
      'gateway does not have it. Without this section such a request is answered with `PERSISTED_QUERY_NOT_SUPPORTED`. ' +
      'Any client that may run a document can add it; only documents that run are kept.',
  });
