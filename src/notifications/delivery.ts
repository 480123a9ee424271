import { Webhook } from 'standardwebhooks';
import type { NotificationConfig } from '../config/index.ts';
import type { Clock } from '../upstream/index.ts';
import type { NotificationEvent } from './events/event.ts';
import type { HostLookups } from './host-lookups.ts';
import { PostClient, PostError, type PostMessage } from './post.ts';
import { slackMessage } from './slack.ts';

export type DeliveryResult =
  | { readonly kind: 'delivered' }
  /** `retryAfterMs`: the receiver wants no delivery before. */
  | { readonly kind: 'failed'; readonly reason: string; readonly retryAfterMs?: number | undefined }
  /** The receiver wants no more events. */
  | { readonly kind: 'gone' };

export type Deliver = (event: NotificationEvent, signal: AbortSignal) => Promise<DeliveryResult>;

export interface DeliveryDependencies {
  readonly clock: Clock;
  readonly lookups: HostLookups;
}

export interface Delivery {
  /** Never rejects. */
  readonly deliver: Deliver;
  close(): void;
}

/** Sends events to the webhook of a destination. */
export function createDelivery(
  { webhook }: Pick<NotificationConfig, 'webhook'>,
  { clock, lookups }: DeliveryDependencies,
): Delivery {
  const client = new PostClient(webhook, { clock, lookups });
  const { secret = [] } = webhook;
  const keys = (typeof secret === 'string' ? [secret] : secret).map((key) => new Webhook(key));
  const messageOf = (event: NotificationEvent): PostMessage => {
    const isSlack = webhook.format === 'slack';
    const body = JSON.stringify(isSlack ? slackMessage(event) : event);
    const at = new Date(clock.wallMs());
    const type = isSlack ? 'application/json' : 'application/cloudevents+json; charset=utf-8';
    return {
      body,
      headers: {
        'content-type': type,
        'user-agent': 'orgql',
        ...(keys.length > 0 && {
          'webhook-id': event.id,
          'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
          'webhook-signature': keys.map((key) => key.sign(event.id, at, body)).join(' '),
        }),
      },
    };
  };
  return {
    async deliver(event, signal) {
      try {
        const { status, headers } = await client.send(webhook.url, messageOf(event), signal);
        if (status >= 200 && status < 300) return { kind: 'delivered' };
        if (status === 410) return { kind: 'gone' };
        const retryAfterMs = parseRetryAfter(headers['retry-after'], clock);
        return { kind: 'failed', reason: `the receiver replied with status ${status}`, retryAfterMs };
      } catch (error) {
        return { kind: 'failed', reason: error instanceof PostError ? error.message : 'the event cannot be sent' };
      }
    },
    close: () => client.close(),
  };
}

/** Seconds, or a date. */
function parseRetryAfter(value: string | undefined, clock: Pick<Clock, 'wallMs'>): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1_000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - clock.wallMs());
}
