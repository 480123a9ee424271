import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Demo, startDemo } from '../support/gateway.ts';

const WATCH = `subscription ($after: String) {
  organizationHandshakeChanges(after: $after) { cursor type reset handshake { id } }
}`;
const INVITE = `mutation { inviteAccountToOrganization(input: { target: { type: ACCOUNT, id: "333333333333" } }) {
  ... on InviteAccountToOrganizationPayload { handshake { id } }
} }`;

interface Ending {
  readonly message: string;
  readonly extensions: { readonly code: string; readonly retryable: boolean; readonly cursor: string };
}

let demo: Demo;
beforeEach(async () => {
  demo = await startDemo();
});
afterEach(() => demo.close());

/** Reads up to the first bookmark; resolves with its cursor. */
const upToBookmark = async (events: ReturnType<Demo['subscribe']>) => {
  for (;;) {
    const { cursor, type } = (await events.event()).data.organizationHandshakeChanges;
    if (type === 'BOOKMARK') return cursor;
  }
};

/** The error that ends a subscription, as a client receives it. */
const ending = async (events: ReturnType<Demo['subscribe']>): Promise<Ending> => {
  const error: unknown = await events.event().then(
    (answer) => expect.fail(`received ${JSON.stringify(answer)}`),
    (reason: unknown) => reason,
  );
  if (!Array.isArray(error)) throw error;
  return error[0];
};

it('a subscription ends when its principal loses the permission, and resumes without a gap once it is granted again', async () => {
  const events = demo.subscribe(WATCH);
  const cursor = await upToBookmark(events);
  const { control } = demo.simulator;
  control.setFaults({
    failures: [
      { failure: { kind: 'error', error: 'AccessDeniedException' }, operation: 'ListHandshakesForOrganization' },
    ],
  });
  const { message, extensions } = await ending(events);
  expect(extensions).toMatchObject({ code: 'ACCESS_LOST', reason: 'AccessDeniedException', retryable: false, cursor });
  expect(message).toContain('Fix its permissions or credentials first');
  expect(demo.gateway.activePollers).toBe(0);

  const { data } = await demo.query(INVITE);
  control.setFaults({ failures: [] });
  const back = demo.subscribe(WATCH, { after: extensions.cursor });
  expect((await back.event()).data.organizationHandshakeChanges).toMatchObject({
    type: 'ADDED',
    reset: false,
    handshake: data.inviteAccountToOrganization.handshake,
  });
});

it('a subscription ends with NOT_IN_ORGANIZATION when the organization is deleted', async () => {
  const as = { principal: 'standalone' };
  await demo.query('mutation { createOrganization(input: { featureSet: ALL }) { __typename } }', {}, as);
  const events = demo.subscribe(WATCH, {}, as);
  const cursor = await upToBookmark(events);
  const { data } = await demo.query('mutation { deleteOrganization { __typename } }', {}, as);
  expect(data.deleteOrganization.__typename).toBe('DeleteOrganizationPayload');
  const { message, extensions } = await ending(events);
  expect(extensions).toMatchObject({ code: 'NOT_IN_ORGANIZATION', retryable: false, cursor });
  expect(message).toContain('in no organization now');
});
