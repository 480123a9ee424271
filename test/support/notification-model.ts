import fc from 'fast-check';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { ConfigInput } from '../../src/config/index.ts';
import { inviteByEmail } from './invite.ts';
import type { UpstreamWorld } from './upstream.ts';
import { type Reply, secret, type WebhookReceiver } from './webhook-receiver.ts';

/** The gateways of a model, which may be killed. */
export interface Gateways {
  /** The WebSocket URL of one that runs; undefined while there is none. */
  url(): string | undefined;
  /** Kills one, and starts another one. */
  kill(): Promise<void>;
}

export const destination = (receiver: WebhookReceiver) =>
  ({
    name: 'desk',
    principal: 'partner',
    events: ['handshake'],
    retry: { minDelayMs: 10, maxDelayMs: 100 },
    webhook: { url: receiver.url, secret, allowHttp: true, allowPrivateAddresses: true, timeoutMs: 1_000 },
  }) satisfies NonNullable<ConfigInput['notifications']>[number];

/** How the receiver behaves. `isReceived`: it has the event although its reply is a failure. */
const behaviors = {
  works: () => ({}),
  fails: () => ({ status: 500 }),
  hangs: () => ({ isHanging: true }),
  isSlow: () => ({ delayMs: 200 }),
  isTooSlow: () => ({ delayMs: 1_300 }),
  redirects: (path: string) => (path.endsWith('moved') ? {} : { status: 307, headers: { location: '/moved' } }),
  isBusy: () => ({ status: 503, headers: { 'retry-after': '0' } }),
} satisfies Record<string, (path: string) => Reply>;
type Behavior = keyof typeof behaviors;

export type Step =
  | { readonly do: 'invite' }
  | { readonly do: 'cancel' }
  | { readonly do: 'kill' }
  | { readonly do: 'restartReceiver' }
  | { readonly do: 'behave'; readonly behavior: Behavior };

const names = Object.keys(behaviors) as Behavior[];

export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof<fc.WeightedArbitrary<Step>[]>(
    { weight: 8, arbitrary: fc.constant({ do: 'invite' }) },
    { weight: 6, arbitrary: fc.constant({ do: 'cancel' }) },
    { weight: 2, arbitrary: fc.constant({ do: 'kill' }) },
    { weight: 1, arbitrary: fc.constant({ do: 'restartReceiver' }) },
    { weight: 4, arbitrary: fc.constantFrom(...names).map((behavior) => ({ do: 'behave', behavior })) },
  ),
  { minLength: 15, maxLength: 40 },
);

/** A subscriber that receives each change once, over all interruptions: what the webhook has to receive, too. */
function subscribe(gateways: Gateways) {
  const changes: string[] = [];
  const variables: Record<string, unknown> = {};
  let isReady = () => {};
  const ready = new Promise<void>((resolve) => {
    isReady = resolve;
  });
  const client = createClient({
    url: () => gateways.url() ?? 'ws://127.0.0.1:9',
    webSocketImpl: WebSocket,
    connectionParams: { principal: 'partner' },
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait: () => new Promise((resolve) => setTimeout(resolve, 20)),
    shouldRetry: () => true,
  });
  client.subscribe<{
    c: { cursor: string; type: string; handshake: { id: string; state: string } | null };
  }>(
    {
      query: `subscription ($after: String) {
        c: organizationHandshakeChanges(after: $after) { cursor type handshake { id state } }
      }`,
      variables,
    },
    {
      next: ({ data }) => {
        if (!data) return;
        const { cursor, type, handshake } = data.c;
        variables['after'] = cursor;
        if (type === 'BOOKMARK') isReady();
        else if (type !== 'SNAPSHOT') changes.push(`${handshake?.id} ${handshake?.state}`);
      },
      error: (error) => changes.push(JSON.stringify(error)),
      complete: () => undefined,
    },
  );
  return { changes, ready, dispose: async () => void (await client.dispose()) };
}

export interface Outcome {
  readonly events: number;
  readonly duplicates: number;
  /** How often a delivery could be interrupted between the receiver's reply and its note. */
  readonly interruptions: number;
}

/** Runs the steps, and compares what the webhook has received with what the subscriber has. Throws for a difference. */
export async function runModel(
  all: readonly Step[],
  { aws, receiver, gateways }: { aws: UpstreamWorld; receiver: WebhookReceiver; gateways: Gateways },
): Promise<Outcome> {
  const subscriber = subscribe(gateways);
  await subscriber.ready;
  const firstRequest = receiver.requests.length;
  /** A delivery without a reply in time may be repeated later. */
  const earlier = new Set(receiver.requests.map(({ event }) => event.id));
  /** Ids of events with a reply in time. */
  const acknowledged: string[] = [];
  const open: string[] = [];
  let interruptions = 0;
  const behave = (behavior: Behavior) => {
    receiver.reply = ({ path, event }) => {
      const reply: Reply = behaviors[behavior](path);
      if ((reply.status ?? 200) === 200 && !reply.isHanging && (reply.delayMs ?? 0) === 0) acknowledged.push(event.id);
      return reply;
    };
  };
  try {
    behave('works');
    for (const step of all) {
      if (step.do === 'invite') open.push(await inviteByEmail(aws, `i${Math.random()}`));
      if (step.do === 'behave') behave(step.behavior);
      if (step.do === 'cancel') {
        const HandshakeId = open.shift();
        if (HandshakeId !== undefined) await aws.session().write('CancelHandshake', { HandshakeId });
      }
      if (step.do === 'kill') {
        interruptions += 1;
        await gateways.kill();
      }
      if (step.do === 'restartReceiver') {
        interruptions += 1;
        await receiver.stop();
        await receiver.listen();
      }
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 40));
    }
    behave('works');
    // The last change of all, so that nothing is under way when both have it.
    const last = await inviteByEmail(aws, `last${Math.random()}`);
    const has = (changes: readonly string[]) => changes.includes(`${last} REQUESTED`);
    const received = () => {
      const byId = new Map(receiver.requests.slice(firstRequest).map(({ event }) => [event.id, event]));
      return [...byId.values()].filter(({ id }) => !earlier.has(id));
    };
    const changesOf = () => received().map(({ subject, data }) => `${subject} ${data.handshake?.state}`);
    const until = Date.now() + 20_000;
    const isDone = () => has(subscriber.changes) && subscriber.changes.every((change) => changesOf().includes(change));
    while (!isDone() && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 20));
    const missing = subscriber.changes.filter((change) => !changesOf().includes(change));
    const unknown = changesOf().filter((change) => !subscriber.changes.includes(change));
    if (missing.length + unknown.length > 0)
      throw new Error(`missing: ${missing.join(', ')}; unknown: ${unknown.join(', ')}`);
    const sequences = new Map<string, string>();
    for (const { subject = '', sequence } of received()) {
      if ((sequences.get(subject) ?? '') >= sequence) throw new Error(`the events of ${subject} are out of order`);
      sequences.set(subject, sequence);
    }
    if (receiver.problems.length > 0) throw new Error(receiver.problems.join('\n'));
    return {
      events: received().length,
      duplicates: acknowledged.length - new Set(acknowledged).size,
      interruptions,
    };
  } finally {
    await subscriber.dispose();
  }
}
