import type { NotificationStatus } from '../notifications/index.ts';
import { builder } from './builder.ts';
import { noCalls } from './cost/rules.ts';
import { badInput } from './ids.ts';
import { dateOf } from './inventory.ts';
import { quoted } from './quoted.ts';
import { requires } from './scopes.ts';

const NotificationFormat = builder.enumType('NotificationFormat', {
  description: 'How a destination receives events.',
  values: {
    CLOUDEVENTS: { value: 'cloudevents', description: 'CloudEvents 1.0 as JSON.' },
    SLACK: { value: 'slack', description: 'Messages to Slack.' },
  } as const,
});

const NotificationState = builder.enumType('NotificationState', {
  description: 'Whether events are delivered to a destination.',
  values: {
    ACTIVE: { description: 'Events are delivered.' },
    FAILING: { description: 'Deliveries fail. Events are kept, and sent again.' },
    DISABLED: { description: 'The receiver replied with status 410. `retryNotifications` enables it.' },
    STANDBY: { description: 'Another replica sends the events.' },
    UNAVAILABLE: { description: 'The store of the events cannot be used. They are sent when it can.' },
  } as const,
});

export const NotificationStatusRef = builder.objectRef<NotificationStatus>('NotificationStatus').implement({
  description: 'A destination of notifications. Its counters are of this replica, since its start.',
  fields: (t) => ({
    name: t.exposeString('name', { nullable: false, description: 'Its name in the settings.' }),
    format: t.expose('format', {
      type: NotificationFormat,
      nullable: false,
      description: 'How it receives events.',
    }),
    state: t.expose('state', {
      type: NotificationState,
      nullable: false,
      description: 'Whether events are delivered.',
    }),
    pending: t.exposeInt('pending', { nullable: false, description: 'Events that are not delivered yet.' }),
    pendingBytes: t.exposeInt('pendingBytes', { nullable: false, description: 'Their size, in bytes.' }),
    deadLetters: t.exposeInt('deadLetters', {
      nullable: false,
      description: 'Events that could not be delivered in time. `retryNotifications` sends them again.',
    }),
    sent: t.exposeInt('sent', { nullable: false, description: 'Delivered events.' }),
    failed: t.exposeInt('failed', { nullable: false, description: 'Failed deliveries.' }),
    retries: t.exposeInt('retries', { nullable: false, description: 'Deliveries of events that had failed before.' }),
    dropped: t.exposeInt('dropped', {
      nullable: false,
      description: 'Events and dead letters that were dropped, as they exceeded `maxBytes`.',
    }),
    lagMs: t.exposeInt('lagMs', {
      description: 'The time from the last delivered change to its delivery, in ms; null before the first.',
    }),
    lastSentAt: t.field({
      type: 'DateTime',
      description: 'When the last event was delivered; null before the first.',
      resolve: ({ lastSentOn }) => dateOf(lastSentOn),
    }),
    error: t.exposeString('error', {
      description: 'Why the last delivery failed, or a list cannot be watched; null after a success.',
    }),
  }),
});

interface Retried {
  readonly notification: NotificationStatus | undefined;
  readonly deadLetters: number;
}

const RetryNotificationsPayload = builder.objectRef<Retried>('RetryNotificationsPayload').implement({
  description: 'The result of retryNotifications.',
  fields: (t) => ({
    deadLetters: t.exposeInt('deadLetters', {
      nullable: false,
      description: 'The dead letters that are sent again, after the other events.',
    }),
    notification: t.field({
      type: NotificationStatusRef,
      description: 'The destination.',
      resolve: ({ notification }) => notification,
    }),
  }),
});

const RetryNotificationsInput = builder.inputType('RetryNotificationsInput', {
  description: 'The input of retryNotifications.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'The name of the destination in the settings.' }),
  }),
});

builder.mutationField('retryNotifications', (t) =>
  t.field({
    type: RetryNotificationsPayload,
    nullable: true,
    description:
      'Sends the dead letters of a destination again, and enables a destination that is disabled. Changes nothing at AWS.',
    args: { input: t.arg({ type: RetryNotificationsInput, required: true, description: 'Which destination.' }) },
    extensions: { ...noCalls, ...requires('gateway:manage') },
    async resolve(_root, { input: { name } }, context, { path }) {
      const { principal, settings } = context;
      const deadLetters = await settings.notifications?.retry(principal, name);
      if (deadLetters === undefined) {
        const known = settings.notifications?.statusOf(principal).map((each) => each.name) ?? [];
        const hint =
          known.length === 0 ? 'It has none; see the setting `notifications`.' : `It has ${known.join(', ')}.`;
        throw badInput('retryNotifications(input.name:)', `the principal has no destination ${quoted(name)}. ${hint}`);
      }
      context.onGatewayChange?.({ field: path.key, operation: 'RetryNotifications', targets: [name] });
      const notification = settings.notifications?.statusOf(principal).find((each) => each.name === name);
      return { notification, deadLetters };
    },
  }),
);
