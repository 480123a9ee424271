import { z } from 'zod';
import { positiveMilliseconds } from './values.ts';

/** 400 days: longer than AWS keeps closed accounts and ended handshakes. */
const RETENTION_MS = 34_560_000_000;

export const history = z
  .strictObject({
    retentionMs: positiveMilliseconds.default(RETENTION_MS).meta({
      unit: 'ms',
      description:
        'How long the changes of an organization are kept, with `watch.store` or `redis`. Without either they are ' +
        'kept in memory, for 24 hours at most.',
    }),
  })
  .prefault({})
  .meta({ description: 'The history of the organizations in `inventory` (docs/history.md).' });
