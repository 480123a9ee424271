import { z } from 'zod';
import { notificationFilters } from './notification-filters.ts';
import { MIB, positiveCount, positiveMilliseconds, text } from './values.ts';

export const notificationEvents = [
  'handshake',
  'responsibilityTransfer',
  'account',
  'organizationalUnit',
  'policy',
  'policyAttachment',
  'delegatedAdministrator',
  'createAccountStatus',
] as const;

const DAY_MS = 86_400_000;

/** Standard Webhooks: 24 to 64 random bytes. */
const isSecret = (value: string): boolean => {
  const [, encoded] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(value) ?? [];
  if (encoded === undefined || encoded.length % 4 !== 0) return false;
  const { length } = Buffer.from(encoded, 'base64');
  return length >= 24 && length <= 64;
};

const secretMeta = {
  secret: true,
  expected:
    'whsec_ and 24 to 64 bytes as base64, such as `echo whsec_$(openssl rand -base64 32)` prints, or a list of those',
};
const secretText = z.string().refine(isSecret).meta(secretMeta);

const webhook = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).meta({
    secret: true,
    expected: 'an https URL',
    examples: ['https://hooks.example.com/aws'],
    description: 'Where events are sent by POST. Messages and logs show only its origin.',
  }),
  secret: z
    .union([secretText, z.array(secretText).min(1).max(5)])
    .optional()
    .meta({
      ...secretMeta,
      description:
        'The key that signs events, as Standard Webhooks specifies; needed unless the format is slack. With a list, ' +
        'each event has one signature per key, so that keys can be rotated.',
    }),
  format: z
    .enum(['cloudevents', 'slack'])
    .default('cloudevents')
    .meta({ description: 'CloudEvents 1.0, or a message to Slack.' }),
  allowHttp: z.boolean().default(false).meta({ description: 'Allows http URLs, also after a redirect.' }),
  allowPrivateAddresses: z.boolean().default(false).meta({
    description: 'Allows loopback, private, link-local and other addresses that are not on the public Internet.',
  }),
  timeoutMs: positiveMilliseconds.max(120_000).default(10_000).meta({
    unit: 'ms',
    description: 'How long one delivery may take, with its redirects.',
  }),
});

const retry = z
  .strictObject({
    forMs: positiveMilliseconds
      .max(30 * DAY_MS)
      .default(3 * DAY_MS)
      .meta({
        unit: 'ms',
        description: 'An event that cannot be delivered for this time becomes a dead letter.',
      }),
    minDelayMs: positiveMilliseconds.max(DAY_MS).default(1_000).meta({
      unit: 'ms',
      description: 'About the time before the first retry. It doubles with each further one.',
    }),
    maxDelayMs: positiveMilliseconds.max(DAY_MS).default(600_000).meta({
      unit: 'ms',
      description: 'The longest time between two retries.',
    }),
  })
  .prefault({})
  .meta({ description: 'Retries of failed deliveries.' });

const destination = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/)
    .meta({
      expected: 'lower-case letters, digits and hyphens, at most 63',
      examples: ['billing-desk'],
      description: 'The name of the destination. Its position in the log is stored under it.',
    }),
  principal: text.meta({ examples: ['payer'], description: 'The principal whose changes are sent.' }),
  events: z
    .array(z.enum(notificationEvents))
    .min(1)
    .meta({
      examples: ['[handshake, responsibilityTransfer]'],
      description: 'The objects whose changes are sent.',
    }),
  filter: notificationFilters,
  expiring: z
    .strictObject({
      beforeMs: positiveMilliseconds.max(366 * DAY_MS).meta({
        unit: 'ms',
        examples: ['172800000'],
        description: 'How long before.',
      }),
    })
    .optional()
    .meta({
      examples: ['{ beforeMs: 172800000 }'],
      description: 'Sends one reminder before an invitation expires, and before a transfer starts or ends.',
    }),
  include: z
    .array(z.enum(['email', 'notes', 'tags']))
    .default([])
    .meta({
      examples: ['[email]'],
      description:
        'Personal data, which events leave out unless it is listed: e-mail addresses, notes of invitations, values of tags.',
    }),
  webhook: webhook.meta({ description: 'Where and how events are sent.' }),
  retry,
  maxBytes: positiveCount
    .min(65_536)
    .max(1_024 * MIB)
    .default(16 * MIB)
    .meta({
      unit: 'bytes',
      description:
        'Events that are not delivered yet are kept up to this size, and as many dead letters. Beyond it the oldest ' +
        'are dropped, and one event reports the gap.',
    }),
});

export const notifications = z
  .array(destination)
  .max(100)
  .default([])
  .meta({
    examples: [
      '[{ name: billing-desk, principal: payer, events: [handshake], webhook: { url: "https://…", secret: "whsec_…" } }]',
    ],
    description: 'Destinations that receive changes as events (docs/notifications.md).',
  });
