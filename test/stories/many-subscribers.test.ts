import { createClient } from 'graphql-ws';
import { expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startDemo } from '../support/gateway.ts';

const WATCH = 'subscription { organizationHandshakeChanges { type handshake { id state } } }';
const INVITE =
  'mutation { inviteAccountToOrganization(input: { target: { type: ACCOUNT, id: "333333333333" } }) { ... on InviteAccountToOrganizationPayload { handshake { id } } ... on Error { code message } } }';

it('a thousand subscribers to one organization cost the calls of one, receive the same events, and leave no poller', async () => {
  // Only the first poll is within the test, so that all other calls would come from subscribing.
  await using demo = await startDemo({ config: { watch: { minIntervalMs: 600_000, maxIntervalMs: 600_000 } } });
  const { control } = demo.simulator;
  const calls = () => control.requests().map(({ operation, count }) => [operation, count]);
  const client = createClient({ url: demo.url.replace('http', 'ws'), webSocketImpl: WebSocket, lazy: false });

  const subscribe = async () => {
    const events = client.iterate<{ organizationHandshakeChanges: { type: string; handshake: { id: string } | null } }>(
      { query: WATCH },
    );
    const next = async () => (await events.next()).value?.data?.organizationHandshakeChanges;
    let snapshot = 0;
    for (let event = await next(); event?.type !== 'BOOKMARK'; event = await next()) snapshot += 1;
    return { snapshot, next, leave: () => events.return?.() };
  };

  const first = await subscribe();
  const costOfOne = calls();
  expect(first.snapshot).toBeGreaterThan(20);
  const others = await Promise.all(Array.from({ length: 999 }, subscribe));
  expect(others.every(({ snapshot }) => snapshot === first.snapshot)).toBe(true);
  expect(calls()).toEqual(costOfOne);

  control.resetRequests();
  const invited = await demo.query(INVITE);
  const { id } = invited.data.inviteAccountToOrganization.handshake;
  const heard = await Promise.all([first, ...others].map(({ next }) => next()));
  expect(heard.every((event) => event?.type === 'ADDED' && event.handshake?.id === id)).toBe(true);
  expect(control.requestCount('InviteAccountToOrganization')).toBe(1);

  await Promise.all([first, ...others].map(({ leave }) => leave()));
  await client.dispose();
  await expect.poll(() => demo.gateway.activePollers).toBe(0);
});
