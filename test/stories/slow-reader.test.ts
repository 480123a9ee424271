import type { Socket } from 'node:net';
import { expect, it } from 'vitest';
import { startDemo } from '../support/gateway.ts';
import { type Message, RawConnection } from '../support/websocket.ts';

const SUBSCRIPTIONS = 10;
const ROUNDS = 60;
const MAX_BUFFERED = 10;

/** About 20 KB an event, so that unread events fill the socket buffers. */
const MUCH = Array.from(
  { length: 60 },
  (_, n) => `much${n}: handshake { id arn state parties { id type } resources { type value } }`,
);
const watch = (after?: string) =>
  `subscription { organizationHandshakeChanges${after ? `(after: "${after}")` : ''} { cursor type handshake { id state } ${MUCH.join(' ')} } }`;
const INVITE =
  'mutation { inviteAccountToOrganization(input: { target: { type: ACCOUNT, id: "333333333333" } }) { ... on InviteAccountToOrganizationPayload { handshake { id } } ... on Error { code message } } }';
const CANCEL =
  'mutation ($id: ID!) { cancelHandshake(input: { handshakeId: $id }) { ... on CancelHandshakePayload { handshake { id } } ... on Error { code message } } }';

const eventOf = ({ payload }: Message) => payload?.data?.organizationHandshakeChanges;
const textOf = (message: Message) => {
  const { type, handshake } = eventOf(message);
  return `${type} ${handshake.id} ${handshake.state}`;
};

async function caughtUp(connection: RawConnection): Promise<void> {
  for (;;) if (eventOf(await connection.next())?.type === 'BOOKMARK') return;
}

it('a slow WebSocket client gets SUBSCRIBER_TOO_SLOW, resumes without a gap, and delays no other client', async () => {
  await using demo = await startDemo({
    config: {
      watch: { minIntervalMs: 600_000, maxIntervalMs: 600_000, maxBuffered: MAX_BUFFERED },
      upstream: { budget: 'off' },
    },
  });
  using slow = await RawConnection.open(demo.url);
  for (let n = 0; n < SUBSCRIPTIONS; n += 1) {
    slow.subscribe(`slow-${n}`, watch());
    await caughtUp(slow);
  }
  using quick = await RawConnection.open(demo.url);
  quick.subscribe('quick', watch());
  await caughtUp(quick);
  slow.socket.pause();

  const history: string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const invited = await demo.query(INVITE);
    history.push(textOf(await quick.next()));
    const { id } = invited.data.inviteAccountToOrganization.handshake;
    expect((await demo.query(CANCEL, { id })).data.cancelHandshake).toEqual({ handshake: { id } });
    history.push(textOf(await quick.next()));
  }

  slow.socket.resume();
  const received = new Map<string, string[]>();
  const cursors = new Map<string, string>();
  while (cursors.size < SUBSCRIPTIONS) {
    const message = await slow.next();
    const id = message.id ?? '';
    if (message.type === 'error') {
      expect(message.payload[0].extensions).toMatchObject({ code: 'SUBSCRIBER_TOO_SLOW', retryable: true });
      cursors.set(id, message.payload[0].extensions.cursor);
    } else {
      received.set(id, [...(received.get(id) ?? []), textOf(message)]);
    }
  }
  for (const [id, cursor] of [...cursors].slice(0, 3)) {
    const before = received.get(id) ?? [];
    // The socket buffers hold some events, and the gateway at most MAX_BUFFERED.
    expect(before.length).toBeLessThan(history.length - MAX_BUFFERED);
    slow.subscribe(`${id}-again`, watch(cursor));
    const after: string[] = [];
    for (let message = await slow.next(); eventOf(message).type !== 'BOOKMARK'; message = await slow.next()) {
      after.push(textOf(message));
    }
    expect([...before, ...after]).toEqual(history);
  }
});

it('a client that resets its connection with queued events leaves no poller and no counted subscription', async () => {
  const maxSubscriptions = 40;
  await using demo = await startDemo({
    config: {
      watch: { minIntervalMs: 600_000, maxIntervalMs: 600_000, maxBuffered: 1_000 },
      upstream: { budget: 'off' },
      limits: { subscriptionsPerCaller: maxSubscriptions },
    },
  });
  using gone = await RawConnection.open(demo.url);
  for (let n = 0; n < maxSubscriptions; n += 1) {
    gone.subscribe(`gone-${n}`, watch());
    await caughtUp(gone);
  }
  expect(demo.gateway.activePollers).toBe(1);
  const network = gone.socket as unknown as { readonly _socket: Socket };
  network._socket.pause();
  // About 800 KB a change, more than the socket buffers hold.
  for (let round = 0; round < 12; round += 1) {
    const invited = await demo.query(INVITE);
    const { id } = invited.data.inviteAccountToOrganization.handshake;
    expect((await demo.query(CANCEL, { id })).data.cancelHandshake).toEqual({ handshake: { id } });
  }
  network._socket.resetAndDestroy();
  await expect.poll(() => demo.gateway.activePollers).toBe(0);

  using again = await RawConnection.open(demo.url);
  for (let n = 0; n < maxSubscriptions; n += 1) {
    again.subscribe(`again-${n}`, watch());
    await caughtUp(again);
  }
});
