import { z } from 'zod';

const count = z.number().int().positive();
const MIB = 1_048_576;

/**
 * Automatic persisted queries: a client sends the SHA-256 hash of a document, and the document itself only when the
 * gateway does not have it. Off without this section; such a request is then answered with
 * PERSISTED_QUERY_NOT_SUPPORTED. Any client that can run a document can add it; only documents that run are kept.
 */
export const persistedQueries = z.strictObject({
  /**
   * Where documents are kept. `memory`: of each gateway for itself. `redis`: in Redis for all gateways that share
   * `redis.url`, and over a restart.
   */
  store: z.enum(['memory', 'redis']).default('memory'),
  /** A document that no request names for this long is removed, in ms. */
  ttlMs: count.default(86_400_000),
  /** A longer document, in bytes of UTF-8, runs and is not kept. */
  maxDocumentBytes: count.default(65_536),
  /**
   * Documents that are kept at most. When there are more, the caller with the most bytes loses its least recently used
   * one.
   */
  maxDocuments: count.default(10_000),
  /** Bytes that all kept documents take at most. */
  maxBytes: count.default(32 * MIB),
  /**
   * Of the documents that one caller has added (with `auth: none`, one address). Beyond it the caller loses its own
   * least recently used one.
   */
  perCaller: z
    .strictObject({
      /** Documents. */
      maxDocuments: count.default(1_000),
      /** Bytes. */
      maxBytes: count.default(4 * MIB),
    })
    .prefault({}),
});
