import { z } from 'zod';
import { positiveCount, positiveMilliseconds, text } from './values.ts';

export const watch = z
  .strictObject({
    minIntervalMs: positiveMilliseconds.default(2_000).meta({
      unit: 'ms',
      description:
        'The shortest time between two polls of one list, while something in it is pending; at most ' +
        '`maxIntervalMs`. The ' +
        'default is lower where only `maxIntervalMs` is set, to less.',
    }),
    maxIntervalMs: positiveMilliseconds.default(30_000).meta({
      unit: 'ms',
      description: 'The longest time between two polls of one list, reached while nothing is pending.',
    }),
    pollDeadlineMs: positiveMilliseconds.default(600_000).meta({
      unit: 'ms',
      description:
        'How long one poll of a list may take, with all its pages. At 5 calls per second, 10 minutes are 3,000 pages.',
    }),
    budgetShare: z
      .number()
      .gt(0)
      .max(1)
      .default(0.2)
      .meta({ description: "The share of an operation's documented rate that polling may use." }),
    keepEvents: positiveCount
      .default(10_000)
      .meta({ description: 'Events kept per watched list for subscribers that resume with `after`.' }),
    maxBuffered: positiveCount.default(1_000).meta({
      description:
        'A subscriber with this many unread events is ended with an error, and can resume from its cursor; at most ' +
        '`keepEvents`.',
    }),
    bookmarkMs: positiveMilliseconds
      .default(60_000)
      .meta({ unit: 'ms', description: 'How often an idle subscription gets a BOOKMARK.' }),
    store: text.optional().meta({
      expected: 'the path of a folder',
      examples: ['/var/lib/orgql'],
      description:
        'A folder that keeps events over a restart, for one gateway alone (not with `redis`). It holds ' +
        "the organization's " +
        'data. Without it, events end with the process.',
    }),
  })
  .prefault({})
  .meta({ description: 'Polling and subscriptions.' });

export const hints = z
  .strictObject({
    eventbridge: z
      .strictObject({
        apiKey: z.string().min(16).meta({
          secret: true,
          expected: 'at least 16 characters, such as `openssl rand -hex 32` prints',
          description: 'The value of the header `x-api-key` that the API destination sends.',
        }),
      })
      .optional()
      .meta({
        examples: ['{ apiKey: "…" }'],
        description: 'Accepts hints of Amazon EventBridge, sent through an API destination.',
      }),
  })
  .prefault({})
  .meta({ description: 'Hints that something has changed, which trigger an immediate poll (docs/subscriptions.md).' });
